import { CloudError } from "./cloudError.js";
import { rest, type Reach } from "./rest.js";

/** What a clean room shows of itself. */
export type SnpEvidence = {
  /** SEV-SNP report, 1184 bytes. */
  readonly report: Uint8Array;
  /** PEM: VCEK, ASK, ARK. */
  readonly endorsements: Uint8Array;
  /** COSE_Sign1 over the measurement of the utility VM. */
  readonly uvmEndorsements?: Uint8Array | undefined;
  /** JSON Web Key Set whose SHA-256 the report has as its data; the token carries it as `x-ms-runtime`. */
  readonly runtimeData: Uint8Array;
};

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");

/**
 * The body that Microsoft Azure Attestation takes at `/attest/SevSnpVm`.
 * https://learn.microsoft.com/rest/api/attestation/attestation/attest-sev-snp-vm
 */
export function attestBody({ report, endorsements, uvmEndorsements, runtimeData }: SnpEvidence): unknown {
  const uvm = uvmEndorsements && { Endorsements: base64url(Buffer.from(JSON.stringify({ Uvm: [base64url(uvmEndorsements)] }))) };
  const evidence = { SnpReport: base64url(report), VcekCertChain: base64url(endorsements), ...uvm };
  return {
    report: base64url(Buffer.from(JSON.stringify(evidence))),
    runtimeData: { data: base64url(runtimeData), dataType: "JSON" },
  };
}

/**
 * Lets an attestation service judge evidence.
 *
 * @param endpoint `https://sharedneu.neu.attest.azure.net`
 * @returns a JWT with `x-ms-*` claims
 * @throws CloudError
 */
export async function attest(endpoint: string, evidence: SnpEvidence, reach: Reach = {}): Promise<string> {
  const url = `${endpoint.replace(/\/$/, "")}/attest/SevSnpVm?api-version=2022-08-01`;
  const { token } = (await rest(reach)("POST", url, { json: attestBody(evidence) })) as { token?: unknown };
  if (typeof token === "string") return token;
  throw new CloudError("UnexpectedAnswer", undefined, `${endpoint} answered without a token`);
}
