import { existsSync } from "node:fs";
import type { Attestation, EvidenceSource } from "../../cleanroom/evidence/source.js";
import { reportDataOf } from "../../cleanroom/evidence/source.js";
import { httpSidecarEvidence, SIDECAR_URL } from "../../cleanroom/evidence/httpSidecar.js";
import { recordedRoom } from "../../cleanroom/evidence/recorded.js";
import { securityContext } from "../../cleanroom/evidence/securityContext.js";
import { SIDECAR_SOCKET, socketSidecarEvidence } from "../../cleanroom/evidence/socketSidecar.js";
import { TSM_FOLDER, tsmEvidence } from "../../cleanroom/evidence/tsm.js";
import { attestedRoom, type Content, type Room } from "../../cleanroom/room.js";
import { CommandError, UsageError } from "../failure.js";
import { readText, type Io } from "../io.js";
import { ask } from "../sandbox/control.js";
import type { EvidenceWanted } from "../sandbox/evidence.js";
import { find, findOnly, type Running } from "../sandbox/registry.js";

export const evidenceKinds = ["sandbox", "recorded", "sidecar", "tsm"] as const;

export type EvidenceKind = (typeof evidenceKinds)[number];

export type EvidenceOptions = {
  readonly sandboxPort: number | undefined;
  /** Of evidence by a sandbox. */
  readonly hostData: string | undefined;
  /** Of evidence by a sandbox: a report of a guest that people can look into. */
  readonly debuggable?: boolean;
  readonly attestationReport: string | undefined;
  readonly privateKey: string | undefined;
  readonly publicKey: string | undefined;
  readonly sidecar: string | undefined;
  readonly reportData: Content | undefined;
};

/** What the machine offers where nobody has said what to use. @throws UsageError where it offers nothing */
export function offered(io: Io): EvidenceKind {
  if (io.env.attestationReport) return "recorded";
  if (existsSync(SIDECAR_SOCKET)) return "sidecar";
  if (existsSync(TSM_FOLDER)) return "tsm";
  throw new UsageError("this machine offers no evidence of its own: give --evidence sidecar, recorded, or, for tests, sandbox");
}

/** @throws UsageError, CommandError, CleanRoomError */
export async function openRoom(kind: EvidenceKind, options: EvidenceOptions, io: Io): Promise<() => Promise<Room>> {
  if (kind === "recorded") {
    const room = await recordedEvidence(options, io);
    return () => Promise.resolve(room);
  }
  return attestedRoom(await evidenceSource(kind, options, io), options.reportData);
}

/** @throws UsageError, CleanRoomError */
export async function recordedEvidence({ attestationReport, privateKey, publicKey }: EvidenceOptions, { env }: Io): Promise<Room> {
  const text = (file: string | undefined, variable: string, option: string): Promise<string> => {
    const name = file ?? env[variable];
    if (!name) throw new UsageError(`--evidence recorded needs ${option} FILE, or ${variable} in the environment`);
    return readText(name);
  };
  return recordedRoom({
    report: await text(attestationReport, "attestationReport", "--attestation-report"),
    privateKey: await text(privateKey, "ccrgovPrivKey", "--private-key"),
    publicKey: await text(publicKey, "ccrgovPubKey", "--public-key"),
  });
}

/** @throws UsageError, CommandError */
export async function evidenceSource(kind: Exclude<EvidenceKind, "recorded">, options: EvidenceOptions, io: Io): Promise<EvidenceSource> {
  if (kind === "tsm") return tsmEvidence({ securityContext: await securityContext(io.env) });
  if (kind === "sidecar") {
    const at = options.sidecar ?? (existsSync(SIDECAR_SOCKET) ? SIDECAR_SOCKET : SIDECAR_URL);
    return at.startsWith("http://") ? httpSidecarEvidence(at) : socketSidecarEvidence(at);
  }
  const { hostData, debuggable = false } = options;
  if (hostData === undefined) throw new UsageError("--evidence sandbox needs --host-data HEX, which the clean room policy names");
  const { port } = await sandboxAt(options.sandboxPort, io);
  return sandboxEvidence(port, { hostData, debug: debuggable }, io);
}

/** @throws CommandError unless it believes what it attests */
export async function sandboxAt(port: number | undefined, io: Io): Promise<Running> {
  const node = port === undefined ? await findOnly(io) : await find(port, io);
  if (!node.virtualTee) throw new CommandError(`the sandbox at port ${node.port} has no virtual TEE: start it with --virtual-tee`);
  return node;
}

/** By the virtual TEE of a sandbox, for tests. */
function sandboxEvidence(port: number, report: Pick<EvidenceWanted, "hostData" | "debug">, io: Io): EvidenceSource {
  return {
    evidence: async (content) => {
      const reportData = reportDataOf(content).toString("hex");
      const argument = { ...report, reportData, measurement: undefined, uvm: true } satisfies EvidenceWanted;
      const { control } = await sandboxAt(port, io); // it may have been started again
      return (await ask(control, { word: "attest", argument })) as Attestation;
    },
  };
}
