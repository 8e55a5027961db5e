import { generateKeyPairSync, X509Certificate } from "node:crypto";
import type { Extension } from "@peculiar/asn1-x509";
import { describe, expect, test } from "vitest";
import { pemToId } from "../../../sandbox/enclave/js/globals/crypto/pem.js";
import { authority, extension, issueCertificate } from "../../../sandbox/enclave/snp/issue.js";
import { call, failure } from "./call.js";

type Entity = { name: string; keys: ReturnType<typeof newKeys>; pem: string };

const newKeys = () => generateKeyPairSync("ec", { namedCurve: "prime256v1" });

function issue(
  name: string,
  issuer: Entity | undefined,
  { extensions = authority(), days = 10 }: { extensions?: Extension[]; days?: number } = {},
) {
  const keys = newKeys();
  const signer = issuer ? { name: issuer.name, privateKey: issuer.keys.privateKey } : { name, privateKey: keys.privateKey };
  const der = issueCertificate({ subject: name, publicKey: keys.publicKey, issuer: signer, extensions, days });
  return { name, keys, pem: new X509Certificate(der).toString() };
}

const root = issue("root", undefined);
const other = issue("other", undefined);
const middle = issue("middle", root);
const leaf = issue("leaf", middle, { extensions: [] });

function isValid(chain: string, trusted: string) {
  return call("isValidX509CertChain", chain, trusted);
}

describe("isValidX509CertChain", () => {
  test("accepts a leaf by way of its intermediate, whatever else is trusted", () => {
    expect(isValid(leaf.pem + middle.pem, root.pem)).toBe(true);
    expect(isValid(leaf.pem + middle.pem, other.pem + root.pem)).toBe(true);
    expect(isValid(leaf.pem + other.pem + middle.pem, root.pem)).toBe(true);
  });

  test("trust may start at an intermediate, or at the target itself", () => {
    expect(isValid(leaf.pem, middle.pem)).toBe(true);
    expect(isValid(root.pem, root.pem)).toBe(true);
    expect(isValid(leaf.pem, leaf.pem)).toBe(true);
  });

  test("the first certificate is the one in question", () => {
    expect(isValid(middle.pem + leaf.pem, root.pem)).toBe(true);
  });

  test("refuses a gap, another root, an empty chain, and what is no certificate", () => {
    expect(isValid(leaf.pem, root.pem)).toBe(false);
    expect(isValid(leaf.pem + middle.pem, other.pem)).toBe(false);
    expect(isValid("", root.pem)).toBe(false);
    expect(isValid(leaf.pem + middle.pem, "")).toBe(false);
    expect(isValid("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", root.pem)).toBe(false);
  });

  test("refuses an issuer of the right name with another key", () => {
    const impostor = issue("root", undefined);
    expect(isValid(leaf.pem + middle.pem, impostor.pem)).toBe(false);
  });

  test("refuses an issuer that is no authority", () => {
    const notAuthority = issue("leaf", middle, { extensions: [] });
    const below = issue("below", notAuthority, { extensions: [] });
    expect(isValid(below.pem + notAuthority.pem + middle.pem, root.pem)).toBe(false);
  });

  test("refuses a chain longer than an authority allows", () => {
    const pathLengthZero = Buffer.from("30060101ff020100", "hex");
    const narrow = issue("narrow", root, { extensions: [extension("2.5.29.19", true, pathLengthZero)] });
    const subordinate = issue("subordinate", narrow);
    const end = issue("end", subordinate, { extensions: [] });
    expect(isValid(subordinate.pem + narrow.pem, root.pem)).toBe(true);
    expect(isValid(end.pem + subordinate.pem + narrow.pem, root.pem)).toBe(false);
  });

  test("refuses a critical extension that nobody here understands", () => {
    const strange = issue("strange", middle, { extensions: [extension("1.2.3.4", true, Buffer.from("0500", "hex"))] });
    const harmless = issue("harmless", middle, { extensions: [extension("1.2.3.4", false, Buffer.from("0500", "hex"))] });
    expect(isValid(strange.pem + middle.pem, root.pem)).toBe(false);
    expect(isValid(harmless.pem + middle.pem, root.pem)).toBe(true);
  });

  test("refuses a chain with an expired certificate", () => {
    const expired = issue("expired", root, { days: -0.5 });
    const below = issue("below", expired, { extensions: [] });
    expect(isValid(expired.pem, root.pem)).toBe(false);
    expect(isValid(below.pem + expired.pem, root.pem)).toBe(false);
  });
});

describe("isValidX509CertBundle", () => {
  test("asks only that every certificate parses", () => {
    expect(call("isValidX509CertBundle", leaf.pem + root.pem)).toBe(true);
    expect(call("isValidX509CertBundle", issue("expired", root, { days: -0.5 }).pem)).toBe(true);
    expect(call("isValidX509CertBundle", "")).toBe(true);
    expect(call("isValidX509CertBundle", "hello")).toBe(false);
    expect(call("isValidX509CertBundle", 5)).toBe(false);
    expect(call("isValidX509CertBundle", `${root.pem}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`)).toBe(false);
  });

  test("the number of arguments is checked", () => {
    expect(failure("isValidX509CertBundle")).toBe("TypeError: Passed 0 arguments, but expected 1");
    expect(failure("isValidX509CertChain", "")).toBe("TypeError: Passed 1 arguments, but expected 2");
  });
});

describe("pemToId", () => {
  test("is the SHA-256 fingerprint of the certificate", () => {
    const fingerprint = new X509Certificate(root.pem).fingerprint256.replaceAll(":", "").toLowerCase();
    expect(pemToId(root.pem)).toBe(fingerprint);
  });

  test.each([
    ["x", "PEM constructed with non-PEM data: x"],
    [`# comment\n${root.pem}`, "OpenSSL error: error:0688010A:asn1 encoding routines::nested asn1 error"],
    [
      newKeys().publicKey.export({ type: "spki", format: "pem" }).toString(),
      "OpenSSL error: error:068000A8:asn1 encoding routines::wrong tag",
    ],
  ])("refuses %j", (pem, reason) => {
    expect(() => pemToId(pem)).toThrow(expect.objectContaining({ name: "InternalError", message: `Failed to parse PEM: ${reason}` }));
  });
});
