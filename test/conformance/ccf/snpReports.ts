import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

/*
 * Genuine SEV-SNP reports with their endorsements. They are data of others, and not part of the repository.
 */

/** All in base64. */
type Entry = {
  readonly attestation: string;
  readonly platformCertificates: string;
  readonly uvmEndorsements: string;
};
type Name = "encryption" | "signing" | "encryption2";

export type SnpReport = {
  /** The report as the processor wrote it. */
  readonly evidence: Buffer;
  /** PEM */
  readonly endorsements: Buffer;
  /** COSE_Sign1 */
  readonly uvm: Buffer;
};

const file = process.env.CLEANROOM_SNP_REPORTS ?? resolve(import.meta.dirname, "../../../../shared/ccf-conformance/data/snp-reports.json");

export const haveSnpReports = existsSync(file);
export const whyNoSnpReports = `no genuine SNP reports in ${file}; set CLEANROOM_SNP_REPORTS`;

/** @throws Error where the reports are missing */
export function snpReports(): Readonly<Record<Name, SnpReport>> {
  if (!haveSnpReports) throw new Error(whyNoSnpReports);
  const entries = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<Name, Entry>>;
  const decode = (text: string): Buffer => Buffer.from(text, "base64");
  const read = ({ attestation, platformCertificates, uvmEndorsements }: Entry): SnpReport => ({
    evidence: decode(attestation),
    endorsements: decode(platformCertificates),
    uvm: decode(uvmEndorsements),
  });
  return { encryption: read(entries.encryption), signing: read(entries.signing), encryption2: read(entries.encryption2) };
}
