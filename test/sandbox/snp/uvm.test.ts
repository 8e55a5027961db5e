import { encode, Tag } from "cbor2";
import { createPrivateKey, generateKeyPairSync, sign, type KeyObject } from "node:crypto";
import { describe, expect, test } from "vitest";
import { sigStructure } from "../../../sandbox/enclave/snp/coseSign1.js";
import { VirtualTee } from "../../../sandbox/enclave/snp/virtual.js";
import { flip, partsOf, refusal, verify } from "./evidence.js";

const tee = VirtualTee.create();
const state = tee.toJSON();
const trusting = { extraRoots: [tee.root] };
const did = tee.root.uvm[0]?.did ?? "";
const minted = partsOf(tee.mint({ hostData: new Uint8Array(32), reportData: new Uint8Array(64) }));
const uvm = minted.uvm ?? new Uint8Array();
const measurement = Buffer.from(minted.evidence.slice(0x90, 0xc0)).toString("hex");
const claims = { "x-ms-sevsnpvm-launchmeasurement": measurement, "x-ms-sevsnpvm-guestsvn": "100" };

type Message = { header?: [number | string, unknown][]; claims?: unknown; tag?: number; key?: KeyObject };

/** Endorsements by the signer of the virtual TEE, with other header parameters or another payload. */
function message({ header = [], claims: content = claims, tag = 18, key = createPrivateKey(state.uvmKey) }: Message): Uint8Array {
  const standard: [number | string, unknown][] = [
    [1, -35],
    [3, "application/json"],
    [33, state.uvmChain.map((der) => new Uint8Array(Buffer.from(der, "base64")))],
    ["iss", did],
    ["feed", "ContainerPlat-AMD-UVM"],
  ];
  const protectedBytes = encode(new Map([...standard, ...header]));
  const payload = new Uint8Array(Buffer.from(typeof content === "string" ? content : JSON.stringify(content)));
  const signature = new Uint8Array(sign("sha384", sigStructure(protectedBytes, payload), { key, dsaEncoding: "ieee-p1363" }));
  return encode(new Tag(tag, [protectedBytes, new Map(), payload, signature]));
}

function refusalOf(endorsements: Uint8Array): string {
  return refusal({ ...minted, uvm: endorsements }, trusting);
}

test("endorsements made by hand are accepted, with the security version as a number too", () => {
  expect(verify({ ...minted, uvm: message({}) }, trusting).uvm_endorsements).toEqual({ did, feed: "ContainerPlat-AMD-UVM", svn: "100" });
  const numeric = message({ claims: { ...claims, "x-ms-sevsnpvm-guestsvn": 101 } });
  expect(verify({ ...minted, uvm: numeric }, trusting).uvm_endorsements?.svn).toBe("101");
});

describe("endorsements are refused", () => {
  test("with any byte changed", () => {
    for (let at = 0; at < uvm.length; at += 3) expect(refusalOf(flip(uvm, at, 0x80))).not.toBe("");
  });

  test.each([
    ["nothing", new Uint8Array(), "Failed to parse COSE_Sign1 outer array"],
    ["a text", new Uint8Array(Buffer.from("hello")), "Failed to parse COSE_Sign1 outer array"],
    ["another tag", message({ tag: 17 }), "Failed to parse COSE_Sign1 tag"],
    ["a byte too few", uvm.slice(0, -1), "Signature verification failed"],
    ["a byte too many", Uint8Array.from([...uvm, 0]), "Signature verification failed"],
  ])("that are or have %s", (_what, bytes, reason) => {
    expect(refusalOf(bytes)).toBe(reason);
  });

  test.each<[string, Message, string | RegExp]>([
    ["an unknown algorithm", { header: [[1, -8]] }, "Signature algorithm -8 is not one of expected: RSA, ECDSA"],
    ["an algorithm of another kind of key", { header: [[1, -38]] }, "Signature verification failed"],
    ["another hash", { header: [[1, -7]] }, "Signature verification failed"],
    ["another key", { key: generateKeyPairSync("ec", { namedCurve: "secp384r1" }).privateKey }, "Signature verification failed"],
    ["another content type", { header: [[3, "text/plain"]] }, "Unexpected payload content type text/plain, expected application/json"],
    ["no issuer", { header: [["iss", 5]] }, "Failed to decode protected header"],
    [
      "another fingerprint",
      { header: [["iss", did.replace(/sha256:[^:]+/, `sha256:${"_".repeat(43)}`)]] },
      "invalid certificate fingerprint",
    ],
    ["a purpose that the certificate lacks", { header: [["iss", `${did}.9`]] }, /^EKU not found: 1\.3\.6\.1\.4\.1\.311\.76\.59\.1\.2\.9$/],
    ["an issuer that is no DID", { header: [["iss", "did:web:example.org"]] }, "invalid DID string"],
    ["an unknown policy", { header: [["iss", did.replace("eku:", "san:")]] }, "unsupported did:x509 scheme 'san'"],
    ["an empty chain", { header: [[33, []]] }, "x5chain array length was 0 in COSE header"],
    [
      "a chain of the leaf alone",
      { header: [[33, new Uint8Array(Buffer.from(state.uvmChain[0] ?? "", "base64"))]] },
      "certificate chain too short",
    ],
    [
      "another measurement",
      { claims: { ...claims, "x-ms-sevsnpvm-launchmeasurement": "00" } },
      /^Launch measurement in UVM endorsements payload 00 /,
    ],
    ["a payload that is not JSON", { claims: "{" }, "UVM endorsements payload is not JSON"],
    ["a security version that is no number", { claims: { ...claims, "x-ms-sevsnpvm-guestsvn": "x1" } }, /^Unable to parse svn value "x1"/],
  ])("that have %s", (_what, change, reason) => {
    expect(refusalOf(message(change))).toEqual(typeof reason === "string" ? reason : expect.stringMatching(reason));
  });

  test.each<[string, Message]>([
    ["a feed that nobody vouches for", { header: [["feed", "Other-UVM"]] }],
    ["too low a security version", { claims: { ...claims, "x-ms-sevsnpvm-guestsvn": "99" } }],
  ])("with %s", (_what, change) => {
    expect(refusalOf(message(change))).toMatch(/ do not match any of the known UVM roots of trust$/);
  });

  test("of a signer that no root stands for, though the report is trusted", () => {
    const options = { extraRoots: [{ ...tee.root, uvm: [] }] };
    expect(refusal(minted, options)).toMatch(/ do not match any of the known UVM roots of trust$/);
  });

  test("of another image than the one measured", () => {
    const other = partsOf(tee.mint({ hostData: new Uint8Array(32), reportData: new Uint8Array(64), measurement: new Uint8Array(48) }));
    expect(refusal({ ...minted, uvm: other.uvm }, trusting)).toMatch(/^Launch measurement in UVM endorsements payload 0{96} is not equal/);
  });
});
