import fc from "fast-check";
import { encode, Tag } from "cbor2";
import { describe, expect, test } from "vitest";
import { decodeCoseSign1, verifyCoseSign1, type ParameterList } from "../../../sandbox/enclave/cose.js";
import { CcfError } from "../../../sandbox/enclave/http/errors.js";
import { person, signed, type Changes } from "./signing.js";

const WANTED: ParameterList = {
  type: { label: "ccf.gov.msg.type", type: "text" },
  createdAt: { label: "ccf.gov.msg.created_at", type: "integer", required: "created_at" },
};

const alice = person("alice");

const decode = (bytes: Uint8Array) => decodeCoseSign1(bytes, WANTED);
const changed = (changes: Changes): Uint8Array => signed(alice, "hello", { type: "proposal", ...changes });
const withHeader = (label: unknown, value: unknown): Uint8Array => changed({ header: new Map([[label, value]]) });

test("a message comes apart into its header parameters, payload and signature", () => {
  const message = decode(changed({ createdAt: 1_700_000_000 }));
  expect(message.header).toEqual({ alg: -35n, kid: alice.id, type: "proposal", createdAt: 1_700_000_000n });
  expect(Buffer.from(message.payload ?? []).toString()).toBe("hello");
  expect(message.signature).toHaveLength(96);
});

describe("what is not a message ends with 500 and CCF's text", () => {
  const whole = changed({});
  const cases: readonly (readonly [string, Uint8Array, string])[] = [
    ["text", Buffer.from("hello"), "Failed to parse COSE_Sign1 outer array"],
    ["JSON", Buffer.from('{"actions":[]}'), "Failed to parse COSE_Sign1 outer array"],
    ["nothing", new Uint8Array(), "Failed to parse COSE_Sign1 outer array"],
    ["a map", encode(new Map([[1, 2]])), "Failed to parse COSE_Sign1 outer array"],
    ["an empty array", encode(new Tag(18, [])), "Failed to decode protected header: 67"],
    ["no tag", whole.subarray(1), "COSE_Sign1 is not tagged"],
    ["another tag", changed({ tag: 98 }), "COSE_Sign1 is not tagged"],
    ["no algorithm", withHeader(1, undefined), "Missing algorithm in protected header"],
    ["no key id", withHeader(4, undefined), "Missing kid in protected header"],
    ["no time", withHeader("ccf.gov.msg.created_at", undefined), "Missing created_at in protected header"],
    ["a key id as text", withHeader(4, alice.id), "Failed to decode protected header: 61"],
    ["an algorithm as text", withHeader(1, "ES384"), "Failed to decode protected header: 61"],
    ["an algorithm as a fraction", withHeader(1, -7.5), "Failed to decode protected header: 61"],
    ["a time as text", withHeader("ccf.gov.msg.created_at", "now"), "Failed to decode protected header: 61"],
    ["a time beyond 63 bits", withHeader("ccf.gov.msg.created_at", 2n ** 63n), "Failed to decode protected header: 61"],
    ["a type as a number", withHeader("ccf.gov.msg.type", 7), "Failed to decode protected header: 61"],
    [
      "a label twice",
      encode(new Tag(18, [Uint8Array.of(0xa2, 1, 0x26, 1, 0x26), new Map(), null, null])),
      "Failed to decode protected header: 62",
    ],
    ["an end too early", whole.subarray(0, -10), "Failed to decode COSE_Sign1"],
    ["bytes after the end", Buffer.concat([whole, Buffer.from([1, 2, 3])]), "Failed to decode COSE_Sign1"],
  ];
  test.each(cases)("%s", (_, bytes, message) => {
    expect(() => decode(bytes)).toThrow(expect.objectContaining({ code: "InternalError", status: 500, message }) as Error);
  });
});

describe("a signature", () => {
  const verifies = (bytes: Uint8Array, certificate = alice.certificate): boolean => verifyCoseSign1(decode(bytes), certificate);

  test.each(["P-256", "P-384", "P-521"] as const)("of a %s key verifies with its own certificate only", (curve) => {
    const signer = person("signer", curve);
    const bytes = signed(signer, "{}", { type: "proposal" });
    expect(verifies(bytes, signer.certificate)).toBe(true);
    expect(verifies(bytes)).toBe(false);
  });

  test("may use the hash that the header names with a key of another curve", () => {
    expect(verifies(changed({ alg: -7, hash: "sha256" }))).toBe(true);
    expect(verifies(changed({ alg: -7, hash: "sha384" }))).toBe(false);
  });

  test("of an RSA key or of an algorithm that CCF does not take never verifies", () => {
    const rsa = person("rsa", "RSA");
    expect(verifies(signed(rsa, "{}", { type: "proposal" }), rsa.certificate)).toBe(false);
    expect(verifies(signed(rsa, "{}", { type: "proposal", alg: -7 }), rsa.certificate)).toBe(false);
    expect(verifies(changed({ alg: -8 }))).toBe(false);
  });
});

describe("whatever bytes arrive", () => {
  const onlyCcfErrors = (bytes: Uint8Array): void => {
    try {
      verifyCoseSign1(decode(bytes), alice.certificate);
    } catch (error) {
      if (!(error instanceof CcfError)) throw error;
    }
  };

  test("reading them ends with a message or with CCF's error", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), onlyCcfErrors), { numRuns: 5000 });
  });

  test("a message with bytes changed, removed or added does too", () => {
    const whole = changed({});
    const edit = fc.record({ at: fc.nat(whole.length - 1), remove: fc.nat(8), add: fc.uint8Array({ maxLength: 8 }) });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => {
        let bytes: Uint8Array = whole;
        for (const { at, remove, add } of edits) bytes = Buffer.concat([bytes.subarray(0, at), add, bytes.subarray(at + remove)]);
        onlyCcfErrors(bytes);
      }),
      { numRuns: 5000 },
    );
  });

  test("deep nesting and impossible lengths cost no time", () => {
    const megabyte = 1_000_000;
    const nested = Buffer.alloc(megabyte, 0x81);
    const wide = Buffer.concat([Buffer.alloc(14, 0x81), Buffer.from([0x9a, 0, 0x0f, 0x42, 0x00]), Buffer.alloc(megabyte, 0x00)]);
    const start = performance.now();
    for (const body of [
      nested,
      wide,
      Buffer.alloc(megabyte, 0xd2),
      Buffer.from("9bffffffffffffffff", "hex"),
      Buffer.from("5bffffffffffffffff", "hex"),
    ]) {
      onlyCcfErrors(body);
      onlyCcfErrors(Buffer.concat([Buffer.from("d284", "hex"), body]));
      onlyCcfErrors(Buffer.concat([Buffer.from("d28443a10126", "hex"), body]));
    }
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
