import { randomBytes, sign, type KeyObject } from "node:crypto";
import { OFFSETS, REPORT_SIZE, SIZES } from "./report.js";
import { tcbBytes, type Tcb } from "./tcb.js";

/** What a report of a virtual TEE says; sizes are those of the report's fields. */
export type ReportContent = {
  readonly hostData: Uint8Array;
  readonly reportData: Uint8Array;
  readonly measurement: Uint8Array;
  readonly debug: boolean;
  readonly tcb: Tcb;
  readonly chipId: Uint8Array;
};

/** A version 3 report of a Milan processor, laid out and signed (ECDSA P-384, SHA-384) as firmware does it. */
export function signReport(content: ReportContent, vcek: KeyObject): Uint8Array {
  const report = Buffer.alloc(REPORT_SIZE);
  report.writeUInt32LE(3, OFFSETS.version);
  report.writeUInt32LE(2, OFFSETS.guestSvn);
  // ABI 0.31; SMT allowed, the bit that is always 1, and debugging where asked for.
  report.set([31, 0, 0b11 | (content.debug ? 0b1000 : 0)], OFFSETS.policy);
  report.set([1], OFFSETS.familyId);
  report.set([2], OFFSETS.imageId);
  report.writeUInt32LE(1, OFFSETS.signatureAlgorithm);
  report.set([0b1], OFFSETS.platformInfo);
  report.set(field(content.reportData, SIZES.reportData, "report data"), OFFSETS.reportData);
  report.set(field(content.measurement, SIZES.measurement, "measurement"), OFFSETS.measurement);
  report.set(field(content.hostData, SIZES.hostData, "host data"), OFFSETS.hostData);
  report.set(randomBytes(SIZES.reportId), OFFSETS.reportId);
  report.fill(0xff, OFFSETS.reportIdMa, OFFSETS.reportIdMa + SIZES.reportId);
  report.set([0x19, 0x01, 0x01], OFFSETS.cpuidFamily);
  report.set(field(content.chipId, SIZES.chipId, "chip id"), OFFSETS.chipId);
  for (const offset of [OFFSETS.platformVersion, OFFSETS.reportedTcb, OFFSETS.committedTcb, OFFSETS.launchTcb]) {
    report.set(tcbBytes(content.tcb), offset);
  }
  report.set([29, 55, 1], OFFSETS.current);
  report.set([29, 55, 1], OFFSETS.committed);

  const signature = sign("sha384", report.subarray(0, OFFSETS.signature), { key: vcek, dsaEncoding: "ieee-p1363" });
  report.set(signature.subarray(0, 48).reverse(), OFFSETS.signature);
  report.set(signature.subarray(48).reverse(), OFFSETS.signatureS);
  return report;
}

function field(bytes: Uint8Array, size: number, name: string): Uint8Array {
  if (bytes.length === size) return bytes;
  throw new RangeError(`${name} has ${bytes.length} bytes, not ${size}`);
}
