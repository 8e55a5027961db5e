import { createPrivateKey, sign } from "node:crypto";
import { describe, expect, test } from "vitest";
import { VirtualTee, type VirtualTeeState } from "../../../sandbox/enclave/snp/virtual.js";
import { certificates, flip, partsOf, refusal, verify, withDamagedSignature, type Parts } from "./evidence.js";

const tee = VirtualTee.create();
const trusting = { extraRoots: [tee.root] };
const hostData = new Uint8Array(32).fill(7);
const reportData = new Uint8Array(32).fill(9);
const minted = partsOf(tee.mint({ hostData, reportData }));

/** Evidence whose bytes were changed and signed again: what only a lying processor could send. */
function resigned(change: (report: Buffer) => void): Parts {
  const report = Buffer.from(minted.evidence);
  change(report);
  const key = createPrivateKey(tee.toJSON().vcekKey);
  const signature = sign("sha384", report.subarray(0, 0x2a0), { key, dsaEncoding: "ieee-p1363" });
  report.set(signature.subarray(0, 48).reverse(), 0x2a0);
  report.set(signature.subarray(48).reverse(), 0x2e8);
  return { ...minted, evidence: new Uint8Array(report) };
}

describe("minted evidence", () => {
  test("is accepted where its root is trusted, and says what was asked for", () => {
    const { attestation, uvm_endorsements } = verify(minted, trusting);
    expect(attestation).toMatchObject({
      version: 3,
      host_data: hostData,
      report_data: new Uint8Array([...reportData, ...new Array<number>(32).fill(0)]),
      policy: { abi_minor: 31, abi_major: 0, smt: 1, migrate_ma: 0, debug: 0, single_socket: 0 },
      reported_tcb: { boot_loader: 4, tee: 0, snp: 24, microcode: 219 },
      cpuid_fam_id: 25,
      cpuid_mod_id: 1,
    });
    expect(uvm_endorsements).toEqual({ did: tee.root.uvm[0]?.did, feed: "ContainerPlat-AMD-UVM", svn: "100" });
  });

  test("is refused by a verifier without the root", () => {
    expect(refusal(minted)).toMatch(/^SEV-SNP: The root of trust public key for this attestation was not the expected one for v3 25 1: /);
  });

  test("is refused by a verifier that trusts another virtual TEE", () => {
    expect(refusal(minted, { extraRoots: [VirtualTee.create().root] })).toMatch(/not the expected one/);
  });

  test("comes from the same TEE after it was saved and loaded", () => {
    const loaded = VirtualTee.fromJSON(JSON.parse(JSON.stringify(tee)) as VirtualTeeState);
    expect(loaded.root).toEqual(tee.root);
    const { attestation } = verify(partsOf(loaded.mint({ hostData, reportData })), trusting);
    expect(attestation.chip_id).toEqual(verify(minted, trusting).attestation.chip_id);
  });

  test("carries any measurement, endorsed as such", () => {
    const measurement = new Uint8Array(48).fill(3);
    const { attestation, uvm_endorsements } = verify(partsOf(tee.mint({ hostData, reportData, measurement, uvm: { svn: 104 } })), trusting);
    expect(attestation.measurement).toEqual(measurement);
    expect(uvm_endorsements?.svn).toBe("104");
  });

  test("takes fields of the right size only", () => {
    expect(() => tee.mint({ hostData: new Uint8Array(31), reportData })).toThrow("host data has 31 bytes, not 32");
    expect(() => tee.mint({ hostData, reportData: new Uint8Array(65) })).toThrow("report data has 65 bytes, not 64");
  });
});

describe("a report is refused", () => {
  test.each([0, 1183, 1185])("that has %i bytes", (size) => {
    const message = `Input SEV-SNP attestation report is not of expected size 1184: ${size}`;
    expect(refusal({ ...minted, evidence: new Uint8Array(size) }, trusting)).toBe(message);
  });

  test("when any signed byte is changed", () => {
    for (let at = 0; at < 0x2a0; at += 5)
      expect(refusal({ ...minted, evidence: flip(minted.evidence, at) }, trusting)).toMatch(/^SEV-SNP: /);
  });

  test("when any byte of the signature is changed", () => {
    for (let at = 0x2a0; at < 0x330; at++) {
      const message = refusal({ ...minted, evidence: flip(minted.evidence, at) }, trusting);
      expect(message).toBe("SEV-SNP: Chip certificate (VCEK) did not sign this attestation");
    }
  });

  test("of a guest that may be debugged", () => {
    const parts = partsOf(tee.mint({ hostData, reportData, debug: true }));
    expect(refusal(parts, trusting)).toBe("SEV-SNP: SNP attestation report guest policy debugging must not be enabled");
  });

  test.each<[string, (report: Buffer) => void, string]>([
    ["too old a format", (r) => r.writeUInt32LE(1, 0), "SEV-SNP: Attestation version is 1 not >= expected minimum 2"],
    ["another signature algorithm", (r) => r.writeUInt32LE(2, 0x34), "SEV-SNP: Unsupported signature algorithm: 2 (supported: 1)"],
    ["another signing key", (r) => r.writeUInt8(0b100, 0x48), "SEV-SNP: Attestation report must be signed by VCEK: 1"],
    ["a masked chip key", (r) => r.writeUInt8(0b10, 0x48), "SEV-SNP: Mask chip key must not be set"],
    [
      "a request of the host",
      (r) => r.writeUInt32LE(0xffffffff, 0x30),
      "SEV-SNP: VMPL for guest attestations must be in 0-3 range, not 4294967295",
    ],
    ["a guest that may migrate", (r) => r.writeUInt8(0b111, 0x0a), "SEV-SNP: Migration agents must not be enabled"],
    ["an unknown processor", (r) => r.writeUInt8(0x1b, 0x188), "SEV-SNP: Unsupported CPUID family 27 model 1"],
  ])("of %s", (_what, change, message) => {
    expect(refusal(resigned(change), trusting)).toBe(message);
  });

  test.each([0, 6, 7])("of a platform whose TCB is below the endorsed one in byte %i", (part) => {
    const parts = resigned((report) => report.writeUInt8((report[0x180 + part] ?? 0) - 1, 0x180 + part));
    expect(refusal(parts, trusting)).toMatch(/^SEV-SNP: Reported TCB .* does not meet or exceed the endorsed TCB "db18000000000004"$/);
  });

  test("of another chip than the certificate's", () => {
    const parts = resigned((report) => report.writeUInt8((report[0x1a0] ?? 0) ^ 1, 0x1a0));
    expect(refusal(parts, trusting)).toMatch(
      /^SEV-SNP: Chip ID in attestation does not match endorsed chip ID: [0-9a-f]{128} != [0-9a-f]{128}$/,
    );
  });

  test("but a higher TCB than the endorsed one is accepted", () => {
    const parts = resigned((report) => report.writeUInt8(220, 0x187));
    expect(verify(parts, trusting).attestation.reported_tcb).toMatchObject({ microcode: 220 });
  });
});

describe("platform endorsements are refused", () => {
  const [vcek, ask, ark] = certificates(minted.endorsements);
  const CHAIN_BROKEN = "SEV-SNP: The chain of signatures from the root of trust to this attestation is broken";
  const refusalOf = (...pem: string[]) => refusal({ ...minted, endorsements: new Uint8Array(Buffer.from(pem.join(""))) }, trusting);

  test("when there are not three certificates", () => {
    expect(refusalOf(vcek, ask)).toBe("Expected 3 endorsement certificates but got 2");
    expect(refusalOf(vcek, vcek, ask, ark)).toBe("Expected 3 endorsement certificates but got 4");
    expect(refusalOf("hello")).toBe("Expected 3 endorsement certificates but got 0");
  });

  test("in another order", () => {
    expect(refusalOf(ark, ask, vcek)).toMatch(/not the expected one/);
    expect(refusalOf(ask, vcek, ark)).toBe(CHAIN_BROKEN);
    expect(refusalOf(vcek, ark, ark)).toBe(CHAIN_BROKEN);
  });

  test("when any signature is damaged", () => {
    expect(refusalOf(withDamagedSignature(vcek), ask, ark)).toBe(CHAIN_BROKEN);
    expect(refusalOf(vcek, withDamagedSignature(ask), ark)).toBe(CHAIN_BROKEN);
    expect(refusalOf(vcek, ask, withDamagedSignature(ark))).toMatch(/was not self signed as expected$/);
  });

  test("when a certificate is no certificate", () => {
    expect(refusalOf(vcek, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", ark)).toMatch(/^OpenSSL error: /);
  });

  test("when they belong to another platform of a trusted root", () => {
    const other = VirtualTee.create();
    const [otherVcek, otherAsk] = certificates(partsOf(other.mint({ hostData, reportData })).endorsements);
    expect(refusalOf(otherVcek, otherAsk, ark)).toBe(CHAIN_BROKEN);
    expect(refusalOf(otherVcek, ask, ark)).toBe(CHAIN_BROKEN);
  });

  test("before and after the time of the certificates", () => {
    expect(refusal(minted, { ...trusting, now: () => new Date("2020-01-01") })).toBe(CHAIN_BROKEN);
    expect(refusal(minted, { ...trusting, now: () => new Date("2120-01-01") })).toBe(CHAIN_BROKEN);
  });
});

describe("an expected TCB", () => {
  const reported = "04000000000018db";

  test("is accepted in the report's order of bytes", () => {
    expect(() => verify({ ...minted, tcb: reported }, trusting)).not.toThrow();
    expect(() => verify({ ...minted, tcb: reported.toUpperCase() }, trusting)).not.toThrow();
  });

  test.each([
    ["db18000000000004", `SEV-SNP: endorsed TCB db18000000000004 does not match reported TCB ${reported}`],
    ["zz18000000000004", `SEV-SNP: endorsed TCB zz18000000000004 does not match reported TCB ${reported}`],
    ["0004", "SEV-SNP: TCB of size 2, expected 8"],
    ["", "SEV-SNP: TCB of size 0, expected 8"],
    ["000", "Input string '000' is not of even length: 3"],
  ])("%j is refused", (tcb, message) => {
    expect(refusal({ ...minted, tcb }, trusting)).toBe(message);
  });
});
