import { verify as verifySignature } from "node:crypto";
import { reasonOf } from "../js/globals/crypto/failure.js";
import type { SnpVerification, VerifySnpAttestation } from "../js/host.js";
import { readEndorsements, type PlatformEndorsements } from "./endorsements.js";
import { OFFSETS, parseReport, SIZES, type Report } from "./report.js";
import { meets, tcbHex, TCB_SIZE } from "./tcb.js";
import { rootFor, UVM_ROOTS, type ExtraRoot } from "./trust.js";
import { readUvmEndorsements, requireUvmRoot } from "./uvm.js";

export type SnpVerifierOptions = {
  /** Roots trusted besides those of AMD and Microsoft; none unless given. */
  readonly extraRoots?: readonly ExtraRoot[];
  /** When certificates must be valid; the host's clock unless given. */
  readonly now?: () => Date;
};

/** The lowest version that CCF takes. */
const MIN_VERSION = 2;
const ECDSA_P384_SHA384 = 1;

/**
 * `snp_attestation.verifySnpAttestation`: verifies an SEV-SNP report, the certificates of its platform, and, where given, the endorsements
 * of its utility VM. Checks are made in CCF's order and fail in its words; unlike CCF 6.0.7 the signatures of ASK and ARK are checked too,
 * and the VCEK certificate must endorse the TCB and the chip of the report.
 */
export function snpVerifier({ extraRoots = [], now = () => new Date() }: SnpVerifierOptions = {}): VerifySnpAttestation {
  const extraRootKeys = new Set(extraRoots.map(({ rootKeyId }) => rootKeyId));
  const uvmRoots = [...UVM_ROOTS, ...extraRoots.flatMap(({ uvm }) => uvm)];

  const verifyAll: VerifySnpAttestation = (evidence, endorsementsPem, uvmEndorsements, endorsedTcbHex): SnpVerification => {
    const report = parseReport(evidence);
    requireGuestReport(report);
    const expectedRoot = rootFor(report);
    const endorsements = readEndorsements(Buffer.from(endorsementsPem).toString("latin1"));
    requireChain(report, endorsements, (rootKeyId) => rootKeyId === expectedRoot || extraRootKeys.has(rootKeyId), now());
    requireSignature(report, evidence, endorsements);
    requireSafePolicy(report);
    requireEndorsedPlatform(report, endorsements);
    if (endorsedTcbHex !== undefined) requireReportedTcb(evidence, endorsedTcbHex);

    if (!uvmEndorsements) return { attestation: report };
    const uvm = readUvmEndorsements(Buffer.from(uvmEndorsements).toString("latin1"));
    return { attestation: report, uvm_endorsements: requireUvmRoot(uvm, hex(report.measurement), uvmRoots) };
  };

  return (...evidence) => {
    try {
      return verifyAll(...evidence);
    } catch (error) {
      // What OpenSSL and the ASN.1 parser say about damaged certificates reaches the guest as CCF hands it on.
      throw error instanceof RangeError ? error : new RangeError(reasonOf(error), { cause: error });
    }
  };
}

function requireGuestReport({ version, flags, vmpl }: Report): void {
  if (version < MIN_VERSION) throw new RangeError(`SEV-SNP: Attestation version is ${version} not >= expected minimum ${MIN_VERSION}`);
  if (flags.signing_key !== 0) throw new RangeError(`SEV-SNP: Attestation report must be signed by VCEK: ${flags.signing_key}`);
  if (flags.mask_chip_key !== 0) throw new RangeError("SEV-SNP: Mask chip key must not be set");
  if (vmpl > 3) throw new RangeError(`SEV-SNP: VMPL for guest attestations must be in 0-3 range, not ${vmpl}`);
}

function requireChain(report: Report, endorsements: PlatformEndorsements, isTrusted: (rootKeyId: string) => boolean, at: Date): void {
  if (!isTrusted(endorsements.rootKeyId)) {
    const processor = `v${report.version} ${report.cpuid_fam_id} ${report.cpuid_mod_id}`;
    throw new RangeError(
      `SEV-SNP: The root of trust public key for this attestation was not the expected one for ${processor}:  ${endorsements.rootKeyPem}`,
    );
  }
  if (!endorsements.rootIsSelfSigned) {
    throw new RangeError("SEV-SNP: The root of trust public key for this attestation was not self signed as expected");
  }
  if (!endorsements.holdsAt(at)) {
    throw new RangeError("SEV-SNP: The chain of signatures from the root of trust to this attestation is broken");
  }
}

function requireSignature(report: Report, evidence: Uint8Array, { vcek }: PlatformEndorsements): void {
  if (report.signature_algo !== ECDSA_P384_SHA384) {
    throw new RangeError(`SEV-SNP: Unsupported signature algorithm: ${report.signature_algo} (supported: ${ECDSA_P384_SHA384})`);
  }
  const signature = Buffer.concat([scalar(report.signature.r), scalar(report.signature.s)]);
  const signed = evidence.subarray(0, OFFSETS.signature);
  if (!verifySignature("sha384", signed, { key: vcek, dsaEncoding: "ieee-p1363" }, signature)) {
    throw new RangeError("SEV-SNP: Chip certificate (VCEK) did not sign this attestation");
  }
}

/** A number of the signature: 72 bytes little-endian in a report, 48 bytes big-endian for P-384. Too large a number keeps its size. */
function scalar(littleEndian: Uint8Array): Buffer {
  const bigEndian = Buffer.from(littleEndian).reverse();
  const padding = bigEndian.subarray(0, SIZES.scalar - 48);
  return padding.every((byte) => byte === 0) ? bigEndian.subarray(padding.length) : bigEndian;
}

function requireSafePolicy({ policy }: Report): void {
  if (policy.debug !== 0) throw new RangeError("SEV-SNP: SNP attestation report guest policy debugging must not be enabled");
  if (policy.migrate_ma !== 0) throw new RangeError("SEV-SNP: Migration agents must not be enabled");
}

function requireEndorsedPlatform(report: Report, { tcb, chipId }: PlatformEndorsements): void {
  if (!tcb || !meets(report.reported_tcb, tcb)) {
    const reported = JSON.stringify({ ...report.reported_tcb, hexstring: tcbHex(report.reported_tcb) });
    throw new RangeError(
      `SEV-SNP: Reported TCB ${reported} does not meet or exceed the endorsed TCB ${JSON.stringify(tcb ? tcbHex(tcb) : null)}`,
    );
  }
  if (!chipId || !Buffer.from(chipId).equals(report.chip_id)) {
    const endorsed = chipId ? hex(chipId) : "none";
    throw new RangeError(`SEV-SNP: Chip ID in attestation does not match endorsed chip ID: ${endorsed} != ${hex(report.chip_id)}`);
  }
}

/** The TCB that a caller expects, as hexadecimal of the bytes in the report's own order (CCF 6). */
function requireReportedTcb(evidence: Uint8Array, expected: string): void {
  if (expected.length % 2 !== 0) throw new RangeError(`Input string '${expected}' is not of even length: ${expected.length}`);
  if (expected.length / 2 !== TCB_SIZE) throw new RangeError(`SEV-SNP: TCB of size ${expected.length / 2}, expected ${TCB_SIZE}`);
  const reported = hex(evidence.subarray(OFFSETS.reportedTcb, OFFSETS.reportedTcb + TCB_SIZE));
  if (expected.toLowerCase() !== reported) {
    throw new RangeError(`SEV-SNP: endorsed TCB ${expected} does not match reported TCB ${reported}`);
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
