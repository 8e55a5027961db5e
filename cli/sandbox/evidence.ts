import type { Attestation, AttestRequest, Sandbox } from "../../sandbox/index.js";

/** What `sandbox attest` asks a node for; bytes are in hexadecimal. */
export type EvidenceWanted = {
  readonly hostData: string;
  readonly reportData: string;
  readonly measurement: string | undefined;
  readonly debug: boolean;
  /** Whether the utility VM is endorsed. */
  readonly uvm: boolean;
};

/** @throws SandboxError, RangeError (see `Sandbox.attest`) */
export function evidence(node: Pick<Sandbox, "attest">, { hostData, reportData, measurement, debug, uvm }: EvidenceWanted): Attestation {
  const request: AttestRequest = {
    hostData: Buffer.from(hostData, "hex"),
    reportData: Buffer.from(reportData, "hex"),
    ...(measurement !== undefined && { measurement: Buffer.from(measurement, "hex") }),
    debug,
    ...(!uvm && { uvm: false }),
  };
  return node.attest(request);
}
