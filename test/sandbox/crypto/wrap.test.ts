import { constants, createCipheriv, createDecipheriv, privateDecrypt, publicEncrypt, randomBytes } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytes, call, callForBytes, failure } from "./call.js";
import { otherRsa, p256, rsa } from "./keyPairs.js";

const AES_KWP = { name: "AES-KWP" };
const secret = new Uint8Array(randomBytes(40));
const modulusOf = ({ publicKey }: typeof rsa) =>
  BigInt(`0x${Buffer.from(publicKey.export({ format: "jwk" }).n ?? "", "base64url").toString("hex")}`);
const oaep = (key: string) => ({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" });

describe("AES-KWP", () => {
  test("is RFC 5649: its two examples come out", () => {
    const kek = Buffer.from("5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8", "hex");
    const key20 = Buffer.from("c37b7e6492584340bed12207808941155068f738", "hex");
    const wrapped20 = "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a";
    expect(Buffer.from(callForBytes("wrapKey", key20, kek, AES_KWP)).toString("hex")).toBe(wrapped20);
    const wrapped7 = callForBytes("wrapKey", Buffer.from("466f7250617369", "hex"), kek, AES_KWP);
    expect(Buffer.from(wrapped7).toString("hex")).toBe("afbeb0f07dfbf5419200f2ccb50bb24f");
  });

  test("unwraps what it wrapped, of any length, as Node does", () => {
    const lengths = fc.uint8Array({ minLength: 1, maxLength: 100 });
    fc.assert(
      fc.property(lengths, fc.constantFrom(16, 24, 32), (content, size) => {
        const key = randomBytes(size);
        const wrapped = callForBytes("wrapKey", content, key, AES_KWP);
        expect(Buffer.from(callForBytes("unwrapKey", wrapped, key, AES_KWP))).toEqual(Buffer.from(content));
        const decipher = createDecipheriv(`id-aes${size * 8}-wrap-pad`, key, Buffer.from("a65959a6", "hex"));
        expect(Buffer.concat([decipher.update(wrapped), decipher.final()])).toEqual(Buffer.from(content));
        const cipher = createCipheriv(`id-aes${size * 8}-wrap-pad`, key, Buffer.from("a65959a6", "hex"));
        expect(Buffer.concat([cipher.update(content), cipher.final()])).toEqual(Buffer.from(wrapped));
      }),
      { numRuns: 50 },
    );
  });

  test("a changed text of any length is an ordinary error", () => {
    const key = randomBytes(32);
    for (let length = 1; length <= 64; length++) {
      const wrapped = callForBytes("wrapKey", randomBytes(length), key, AES_KWP);
      for (const at of [0, wrapped.length - 1]) {
        const changed = Uint8Array.from(wrapped);
        changed[at] = (changed[at] ?? 0) ^ 1;
        const reason = "InternalError: Failed to unwrap key: OpenSSL error: error:1C800066:Provider routines::cipher operation failed";
        expect(failure("unwrapKey", changed, key, AES_KWP)).toBe(reason);
      }
    }
  });

  test.each([0, 4, 8, 15, 17, 23])("%i bytes cannot be unwrapped", (length) => {
    const reason = "InternalError: Failed to unwrap key: OpenSSL error: error:1C8000E6:Provider routines::invalid input length";
    expect(failure("unwrapKey", new Uint8Array(length), randomBytes(32), AES_KWP)).toBe(reason);
  });

  test("the key must have 128 bits, and only as many as AES takes are used", () => {
    expect(failure("wrapKey", secret, new Uint8Array(10), AES_KWP)).toBe(
      "InternalError: Failed to wrap key: Need at least 128 bits, only have 80",
    );
    const long = randomBytes(40);
    expect(call("wrapKey", secret, long, AES_KWP)).toEqual(call("wrapKey", secret, long.subarray(0, 32), AES_KWP));
  });
});

describe("RSA-OAEP", () => {
  const parameters = { name: "RSA-OAEP" };

  test("is what Node understands, both ways", () => {
    const wrapped = callForBytes("wrapKey", secret, bytes(rsa.pub), parameters);
    expect(new Uint8Array(privateDecrypt(oaep(rsa.priv), wrapped))).toEqual(secret);
    const there = publicEncrypt(oaep(rsa.pub), secret);
    expect(new Uint8Array(callForBytes("unwrapKey", there, bytes(rsa.priv), parameters))).toEqual(secret);
  });

  test("binds the label", () => {
    const labelled = (label: string) => ({ ...parameters, label: bytes(label) });
    const wrapped = callForBytes("wrapKey", secret, bytes(rsa.pub), labelled("a"));
    expect(new Uint8Array(callForBytes("unwrapKey", wrapped, bytes(rsa.priv), labelled("a")))).toEqual(secret);
    const reason = "InternalError: Failed to unwrap key: OpenSSL error: error:02000079:rsa routines::oaep decoding error";
    expect(failure("unwrapKey", wrapped, bytes(rsa.priv), labelled("b"))).toBe(reason);
    expect(failure("unwrapKey", wrapped, bytes(rsa.priv), parameters)).toBe(reason);
  });

  test("is opened by its own key only", () => {
    // The ciphertext is less than the modulus of the smaller key: for the larger one as well it is a number that it can decrypt.
    const [smaller, larger] = modulusOf(rsa) < modulusOf(otherRsa) ? [rsa, otherRsa] : [otherRsa, rsa];
    const wrapped = callForBytes("wrapKey", secret, bytes(smaller.pub), parameters);
    const failed = "InternalError: Failed to unwrap key: OpenSSL error: error:02000079:rsa routines::oaep decoding error";
    expect(failure("unwrapKey", wrapped, bytes(larger.priv), parameters)).toBe(failed);
    const beyond = Buffer.from(modulusOf(larger).toString(16), "hex");
    expect(failure("unwrapKey", beyond, bytes(smaller.priv), parameters)).toBe(
      "InternalError: Failed to unwrap key: OpenSSL error: error:02000084:rsa routines::data too large for modulus",
    );
  });

  test("refuses contents that are too long, and keys of another kind", () => {
    expect(failure("wrapKey", new Uint8Array(300), bytes(rsa.pub), parameters)).toMatch(/data too large for key size$/);
    expect(failure("wrapKey", secret, bytes(p256.pub), parameters)).toBe("InternalError: Failed to wrap key: invalid RSA key");
    expect(failure("wrapKey", secret, rsa.pub, parameters)).toBe("TypeError: ArrayBuffer object expected");
  });
});

describe("RSA-OAEP-AES-KWP", () => {
  test.each([128, 192, 256])("carries contents longer than the RSA key under an AES key of %i bits", (aesKeySize) => {
    const parameters = { name: "RSA-OAEP-AES-KWP", aesKeySize, label: bytes("l") };
    const wrapped = callForBytes("wrapKey", bytes(otherRsa.priv), bytes(rsa.pub), parameters);
    expect(Buffer.from(callForBytes("unwrapKey", wrapped, bytes(rsa.priv), parameters)).toString()).toBe(otherRsa.priv);
  });

  test("refuses other sizes, short texts and changed ones", () => {
    const parameters = { name: "RSA-OAEP-AES-KWP", aesKeySize: 256 };
    expect(failure("wrapKey", secret, bytes(rsa.pub), { name: "RSA-OAEP-AES-KWP" })).toBe(
      "InternalError: Failed to wrap key: invalid key size",
    );
    expect(failure("unwrapKey", new Uint8Array(256), bytes(rsa.priv), parameters)).toBe(
      "InternalError: Failed to unwrap key: not enough ciphertext",
    );
    const wrapped = callForBytes("wrapKey", secret, bytes(rsa.pub), parameters);
    for (const at of [0, 255, 256, wrapped.length - 1]) {
      const changed = Uint8Array.from(wrapped);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(failure("unwrapKey", changed, bytes(rsa.priv), parameters)).toMatch(/^InternalError: Failed to unwrap key: /);
    }
  });
});

test("unknown algorithms are refused with the list of known ones", () => {
  const supported = "supported: RSA-OAEP, AES-KWP, RSA-OAEP-AES-KWP";
  expect(failure("wrapKey", secret, secret, { name: "AES-KW" })).toBe(`RangeError: unsupported key wrapping algorithm, ${supported}`);
  expect(failure("unwrapKey", secret, secret, {})).toBe(`RangeError: unsupported key unwrapping algorithm, ${supported}`);
  expect(failure("wrapKey", secret, secret, null)).toBe("TypeError: cannot read property 'name' of null");
  expect(failure("unwrapKey", secret, secret)).toBe("TypeError: Passed 2 arguments, but expected 3");
});
