import { createHash } from "node:crypto";
import { CleanRoomError } from "../errors.js";

/** What a clean room sends as `attestation`; all base64. */
export type Attestation = {
  /** The SEV-SNP attestation report, 1184 bytes. */
  readonly evidence: string;
  /** VCEK, ASK and ARK, PEM. */
  readonly endorsements: string;
  /** COSE_Sign1 over the launch measurement of the utility VM, where there is one. */
  readonly uvm_endorsements?: string;
};

/** Where evidence comes from. */
export type EvidenceSource = {
  /**
   * Has the platform say that this clean room holds a content. The report data are its SHA-256, followed by zeros; the content and not the
   * digest is asked for because some platforms make the digest themselves.
   *
   * @throws CleanRoomError EvidenceUnavailable
   */
  evidence(content: Uint8Array): Promise<Attestation>;
};

/** Place of the report data in a report (AMD 56860, attestation report), in bytes. */
const REPORT_DATA = { at: 0x50, size: 64 };

/** 64 bytes. */
export const reportDataOf = (content: Uint8Array): Buffer =>
  Buffer.concat([createHash("sha256").update(content).digest(), Buffer.alloc(32)]);

/** Whether a report is about this content. Whether it is genuine, only the service finds out. */
export function binds({ evidence }: Attestation, content: Uint8Array): boolean {
  const report = Buffer.from(evidence, "base64");
  return report.subarray(REPORT_DATA.at, REPORT_DATA.at + REPORT_DATA.size).equals(reportDataOf(content));
}

/** @throws CleanRoomError EvidenceUnavailable with the reason */
export function unavailable(what: string, cause: unknown): never {
  const reason = cause instanceof Error ? cause.message : String(cause);
  throw new CleanRoomError("EvidenceUnavailable", `${what}: ${reason}`, { cause });
}
