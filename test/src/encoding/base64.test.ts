import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { probed } from "../../attestation/place.js";

const { call } = await probed(afterAll);

async function decoded(...texts: readonly string[]): Promise<unknown[]> {
  const { body } = await call("POST", "/app/base64/decode", texts);
  return body as unknown[];
}

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytes = fc.uint8Array({ maxLength: 40 });
const many = <T>(one: fc.Arbitrary<T>) => fc.array(one, { minLength: 100, maxLength: 100 });

/** What Node reads, if that is the text itself when it is written again: which goes for base64 alone. */
function judged(text: string): string | null {
  const compact = text.replace(/[\t\n\r ]/g, "");
  const bare = /^[^=]*(?=={0,2}$)/.exec(compact)?.[0];
  if (bare === undefined || (bare !== compact && compact.length % 4 !== 0)) return null;
  const read = Buffer.from(bare, "base64");
  const standard = bare.replaceAll("-", "+").replaceAll("_", "/");
  return read.toString("base64").replace(/=+$/, "") === standard ? read.toString("hex") : null;
}

describe("base64 of a request", () => {
  test("is read as Node reads it, in both alphabets, with and without padding", async () => {
    const property = fc.asyncProperty(many(bytes), async (lists) => {
      const standard = lists.map((list) => Buffer.from(list).toString("base64"));
      const url = lists.map((list) => Buffer.from(list).toString("base64url"));
      const bare = standard.map((text) => text.replace(/=+$/, ""));
      const expected = lists.map(hexOf);
      expect(await decoded(...standard, ...url, ...bare)).toEqual([...expected, ...expected, ...expected]);
    });
    await fc.assert(property, { numRuns: 10 });
  });

  test("may have line breaks and spaces anywhere, as some tools write them", async () => {
    const lines = Buffer.alloc(300, 7).toString("base64").replace(/.{76}/g, "$&\r\n");
    expect(await decoded(lines, `${lines}\n`, " a G V s\tbG8 = ", "\n")).toEqual([hexOf(Buffer.alloc(300, 7)), hexOf(Buffer.alloc(300, 7)), "68656c6c6f", ""]); // prettier-ignore
  });

  test("is taken or refused as a whole, whatever its characters are", async () => {
    const characters = fc.constantFrom(...Array.from("AQgw+/-_ab01== \n\r\t.*ä€😀\u0000\u0080"));
    const texts = fc.oneof(fc.string({ unit: characters, maxLength: 12 }), fc.string({ unit: "binary", maxLength: 8 }));
    const property = fc.asyncProperty(many(texts), async (list) => {
      expect(await decoded(...list)).toEqual(list.map(judged));
    });
    await fc.assert(property, { numRuns: 30 });
  });

  test.each(["A", "AAAAA", "A=", "AA=", "AAA==", "AAAA=", "====", "=", "AA=A", "QQ=", "QR==", "QUJ=", "Q.Q=", "QQ\u0000=", "QUJDä"])(
    "is refused where bits are left over, padding does not fit, or another character stands: %j",
    async (text) => {
      expect(await decoded(text)).toEqual([null]);
    },
  );
});

test("base64 of an answer is that of Node", async () => {
  const property = fc.asyncProperty(many(fc.string({ unit: "grapheme", maxLength: 20 })), async (texts) => {
    const { body } = await call("POST", "/app/base64/encode", texts);
    expect(body).toEqual(texts.map((text) => Buffer.from(text).toString("base64")));
  });
  await fc.assert(property, { numRuns: 10 });
});
