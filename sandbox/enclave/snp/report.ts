import { tcbOf, TCB_SIZE, type Tcb } from "./tcb.js";

/** Size of an attestation report, in bytes (AMD 56860, "ATTESTATION_REPORT"). */
export const REPORT_SIZE = 0x4a0;

/** Where the fields of a report are. Numbers are little-endian. What is signed ends where the signature starts. */
export const OFFSETS = {
  version: 0x000,
  guestSvn: 0x004,
  policy: 0x008,
  familyId: 0x010,
  imageId: 0x020,
  vmpl: 0x030,
  signatureAlgorithm: 0x034,
  platformVersion: 0x038,
  platformInfo: 0x040,
  flags: 0x048,
  reportData: 0x050,
  measurement: 0x090,
  hostData: 0x0c0,
  idKeyDigest: 0x0e0,
  authorKeyDigest: 0x110,
  reportId: 0x140,
  reportIdMa: 0x160,
  reportedTcb: 0x180,
  cpuidFamily: 0x188,
  cpuidModel: 0x189,
  cpuidStepping: 0x18a,
  chipId: 0x1a0,
  committedTcb: 0x1e0,
  current: 0x1e8,
  committed: 0x1ec,
  launchTcb: 0x1f0,
  signature: 0x2a0,
  signatureS: 0x2e8,
} as const;

/** Sizes of byte fields. */
export const SIZES = { id: 16, reportData: 64, measurement: 48, hostData: 32, digest: 48, reportId: 32, chipId: 64, scalar: 72 } as const;

/** A report as scripts see it: the names are those of CCF, its misspelt `plaform_info` included. */
export type Report = ReturnType<typeof parseReport>;

/** @throws RangeError for another size than 1184 bytes; no field is judged here */
export function parseReport(report: Uint8Array) {
  if (report.length !== REPORT_SIZE) {
    throw new RangeError(`Input SEV-SNP attestation report is not of expected size ${REPORT_SIZE}: ${report.length}`);
  }
  const view = new DataView(report.buffer, report.byteOffset, report.byteLength);
  const number = (offset: number): number => view.getUint32(offset, true);
  const byte = (offset: number): number => view.getUint8(offset);
  const bytes = (offset: number, size: number): Uint8Array => report.slice(offset, offset + size);
  const tcb = (offset: number): Tcb => tcbOf(bytes(offset, TCB_SIZE));
  const bit = (value: number, index: number): number => (value >> index) & 1;

  const policy = byte(OFFSETS.policy + 2);
  const platformInfo = byte(OFFSETS.platformInfo);
  const flags = byte(OFFSETS.flags);
  return {
    version: number(OFFSETS.version),
    guest_svn: number(OFFSETS.guestSvn),
    policy: {
      abi_minor: byte(OFFSETS.policy),
      abi_major: byte(OFFSETS.policy + 1),
      smt: bit(policy, 0),
      migrate_ma: bit(policy, 2),
      debug: bit(policy, 3),
      single_socket: bit(policy, 4),
    },
    family_id: bytes(OFFSETS.familyId, SIZES.id),
    image_id: bytes(OFFSETS.imageId, SIZES.id),
    vmpl: number(OFFSETS.vmpl),
    signature_algo: number(OFFSETS.signatureAlgorithm),
    platform_version: tcb(OFFSETS.platformVersion),
    plaform_info: { smt_en: bit(platformInfo, 0), tsme_en: bit(platformInfo, 1) },
    flags: { author_key_en: bit(flags, 0), mask_chip_key: bit(flags, 1), signing_key: (flags >> 2) & 0b111 },
    report_data: bytes(OFFSETS.reportData, SIZES.reportData),
    measurement: bytes(OFFSETS.measurement, SIZES.measurement),
    host_data: bytes(OFFSETS.hostData, SIZES.hostData),
    id_key_digest: bytes(OFFSETS.idKeyDigest, SIZES.digest),
    author_key_digest: bytes(OFFSETS.authorKeyDigest, SIZES.digest),
    report_id: bytes(OFFSETS.reportId, SIZES.reportId),
    report_id_ma: bytes(OFFSETS.reportIdMa, SIZES.reportId),
    reported_tcb: tcb(OFFSETS.reportedTcb),
    cpuid_fam_id: byte(OFFSETS.cpuidFamily),
    cpuid_mod_id: byte(OFFSETS.cpuidModel),
    cpuid_step: byte(OFFSETS.cpuidStepping),
    chip_id: bytes(OFFSETS.chipId, SIZES.chipId),
    committed_tcb: tcb(OFFSETS.committedTcb),
    current_minor: byte(OFFSETS.current),
    current_build: byte(OFFSETS.current + 1),
    current_major: byte(OFFSETS.current + 2),
    committed_build: byte(OFFSETS.committed),
    committed_minor: byte(OFFSETS.committed + 1),
    committed_major: byte(OFFSETS.committed + 2),
    launch_tcb: tcb(OFFSETS.launchTcb),
    signature: { r: bytes(OFFSETS.signature, SIZES.scalar), s: bytes(OFFSETS.signatureS, SIZES.scalar) },
  };
}
