import { describe, expect, test } from "vitest";
import { VirtualTee } from "../../../sandbox/enclave/snp/virtual.js";
import { certificates, flip, partsOf, refusal, verify, withDamagedSignature } from "./evidence.js";
import { genuine, whyNoGenuine } from "./genuine.js";

const SIGNATURE_BROKEN = "SEV-SNP: Chip certificate (VCEK) did not sign this attestation";
const CHAIN_BROKEN = "SEV-SNP: The chain of signatures from the root of trust to this attestation is broken";

test.skipIf(genuine.length > 0)(`genuine reports are absent ${whyNoGenuine}`, () => {
  expect(genuine).toEqual([]);
});

const development = VirtualTee.create().root;

describe.each(genuine)("genuine evidence %s", (_name, evidence) => {
  const parts = partsOf(evidence);

  test("is accepted, and says what is at the fields' places", () => {
    const { attestation, uvm_endorsements } = verify(parts);
    expect(attestation.report_data).toEqual(parts.evidence.slice(0x50, 0x90));
    expect(attestation.measurement).toEqual(parts.evidence.slice(0x90, 0xc0));
    expect(attestation.host_data).toEqual(parts.evidence.slice(0xc0, 0xe0));
    expect(attestation.policy).toMatchObject({ debug: 0, migrate_ma: 0 });
    expect(uvm_endorsements).toMatchObject({ feed: "ContainerPlat-AMD-UVM" });
    expect(Number(uvm_endorsements?.svn)).toBeGreaterThanOrEqual(100);
  });

  test("needs no endorsements of its utility VM", () => {
    expect(verify({ ...parts, uvm: undefined })).not.toHaveProperty("uvm_endorsements");
  });

  test("is refused with any signed byte changed", () => {
    for (let at = 0x50; at < 0x180; at += 7) expect(refusal({ ...parts, evidence: flip(parts.evidence, at) })).toBe(SIGNATURE_BROKEN);
    for (const at of [0x2a0, 0x2cf, 0x2d0, 0x2e8, 0x317, 0x32f]) {
      expect(refusal({ ...parts, evidence: flip(parts.evidence, at) })).toBe(SIGNATURE_BROKEN);
    }
  });

  test("is refused when the signature of any certificate is damaged", () => {
    const [vcek, ask, ark] = certificates(parts.endorsements);
    const withChain = (...pem: string[]) => ({ ...parts, endorsements: new Uint8Array(Buffer.from(pem.join(""))) });
    expect(refusal(withChain(withDamagedSignature(vcek), ask, ark))).toBe(CHAIN_BROKEN);
    expect(refusal(withChain(vcek, withDamagedSignature(ask), ark))).toBe(CHAIN_BROKEN);
    expect(refusal(withChain(vcek, ask, withDamagedSignature(ark)))).toMatch(/was not self signed as expected$/);
  });

  test("is refused when its utility VM's endorsements are changed, cut or extended", () => {
    const uvm = parts.uvm ?? new Uint8Array();
    for (const at of [uvm.length - 1, uvm.length - 400, uvm.length - 500]) {
      expect(refusal({ ...parts, uvm: flip(uvm, at) })).toBe("Signature verification failed");
    }
    expect(refusal({ ...parts, uvm: uvm.slice(0, -1) })).toBe("Signature verification failed");
    expect(refusal({ ...parts, uvm: Uint8Array.from([...uvm, 0]) })).toBe("Signature verification failed");
  });

  test("is refused after its certificates have expired", () => {
    expect(refusal(parts, { now: () => new Date("2040-01-01") })).toBe(CHAIN_BROKEN);
  });

  test("stays accepted where a development root is trusted too", () => {
    expect(verify(parts, { extraRoots: [development] })).toEqual(verify(parts));
  });
});

test.skipIf(genuine.length === 0)(
  `a genuine report is refused with another chip's endorsements ${genuine.length ? "" : whyNoGenuine}`,
  () => {
    const all = genuine.map(([, evidence]) => partsOf(evidence));
    for (const one of all) {
      const other = all.find(({ endorsements }) => !Buffer.from(endorsements).equals(one.endorsements));
      if (other) expect(refusal({ ...one, endorsements: other.endorsements })).toBe(SIGNATURE_BROKEN);
    }
  },
);
