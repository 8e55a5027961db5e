import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { blocksIn, storedBytes } from "../../../cleanroom/blocks/layout.js";
import { encryptedByStore, encryptedByUs } from "../../../cleanroom/blocks/protection.js";
import type { Seal } from "../../../cleanroom/blocks/seal.js";
import { decoded } from "./reference.js";
import { chunks, collected } from "./streams.js";

const BLOCK = 16;
const key = Buffer.from(Array.from({ length: 32 }, (_, i) => i));
const ours = encryptedByUs(key, BLOCK);

async function stored(plain: Uint8Array, chunk = 7): Promise<{ file: Buffer; seal: Seal }> {
  const { stored: stream, seal } = ours.store(chunks(plain, chunk));
  return { file: await collected(stream), seal: seal() };
}

const load = (file: Buffer, seal?: Seal, protection = ours): Promise<Buffer> =>
  collected(protection.load({ name: "cowin/a.csv", stored: chunks(file, 11), size: file.length, seal }));

describe("a file in blocks", () => {
  // Made with AESGCM of the Python package cryptography: block size 16, key 00..1f, nonces of twelve equal bytes.
  test.each([
    ["", "0000000000000000"],
    ["a", "01010101010101010101010116c3e53568856866d4546718186752d811c488eea3f4f9218da9e8aa19444f9c000000000000000f"],
    ["sixteen bytes..!", "01010101010101010101010104aa9d410de00646b62d137d6b497cf9b39f63b69108a9b3ef5bc2a84c44f4320000000000000000"],
    [
      "seventeen bytes.!",
      "01010101010101010101010104a6935006f10d03ba7405616c0221f6c8d30c018d62a9208d33bfc3e2eb2692" +
        "020202020202020202020202ba2819bbb9d9315bcb85a2f83379da137952e8f92147b8121fb196d72195ba55000000000000000f",
    ],
    [
      "x".repeat(40),
      "0101010101010101010101010fbb9d4d10fd101eac2c1f60601f2aa0bc61940d0bb65e2849bcbfb8bdc6d380" +
        "020202020202020202020202e35061c3c1a14923b3fdda804b01a26bf60a9d763230c9503aefb4e776b2edc9" +
        "030303030303030303030303963344ae73ea2a6ede5d067ecdaa540771c685b5ab709862334fd7100d5f0aa40000000000000008",
    ],
  ])("that another implementation wrote is read: %j", async (plain, hex) => {
    const file = Buffer.from(hex, "hex");
    expect((await load(file)).toString()).toBe(plain);
    expect(decoded(file, key, BLOCK).toString()).toBe(plain);
  });

  test.each([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 5 * BLOCK + 3])(
    "of %d bytes is read by an independent decoder, and by us",
    async (size) => {
      const plain = randomBytes(size);
      for (const chunk of [1, 7, BLOCK, 1000]) {
        const { file, seal } = await stored(plain, chunk);
        expect(file.length).toBe(storedBytes(size, BLOCK));
        expect(blocksIn(file.length, BLOCK)).toBe(Math.ceil(size / BLOCK));
        expect(decoded(file, key, BLOCK)).toEqual(plain);
        expect(await load(file)).toEqual(plain);
        expect(await load(file, seal)).toEqual(plain);
        expect(seal).toMatchObject({ size, blockBytes: BLOCK });
      }
    },
  );

  test("has blocks of 4 MiB where nothing else is asked for, as the sidecars mount them", () => {
    expect(storedBytes(700, 4 * 1024 * 1024)).toBe(4_194_340);
  });

  test("is refused, and named, when any one of its bytes is changed", async () => {
    const { file, seal } = await stored(Buffer.from("some text that fills three blocks or so"));
    const damaged = { code: "Damaged", message: expect.stringMatching(/^cowin\/a\.csv: /) as string };
    for (let at = 0; at < file.length; at++) {
      const changed = Buffer.from(file);
      changed[at] = (changed[at] ?? 0) ^ 1;
      await expect(load(changed, seal), `byte ${at}`).rejects.toMatchObject(damaged);
      // Without a seal nothing says how many of the zeros at the end belong to the content.
      if (at < file.length - 1) await expect(load(changed), `byte ${at}, no seal`).rejects.toMatchObject(damaged);
    }
  });

  test("is refused when it is cut anywhere", async () => {
    const { file, seal } = await stored(Buffer.from("some text that fills three blocks or so"));
    for (let length = 0; length < file.length; length++) {
      await expect(load(file.subarray(0, length), seal), `${length} bytes`).rejects.toMatchObject({ code: "Damaged" });
    }
  });

  test("is refused with another key", async () => {
    const { file } = await stored(Buffer.from("secret"));
    const other = encryptedByUs(randomBytes(32), BLOCK);
    await expect(load(file, undefined, other)).rejects.toThrow(/block 1 of 1 does not verify: the key is another one/);
  });

  test("is refused with another block size, which the error suggests", async () => {
    const { file } = await stored(Buffer.from("secret"));
    await expect(load(file, undefined, encryptedByUs(key, 32))).rejects.toThrow(/another --block-size/);
  });

  test("gives a stream that ends early or late away", async () => {
    const { file } = await stored(Buffer.from("secret"));
    const early = ours.load({ name: "f", stored: chunks(file.subarray(0, 30)), size: file.length });
    await expect(collected(early)).rejects.toMatchObject({ code: "Damaged" });
    const late = ours.load({ name: "f", stored: chunks(Buffer.concat([file, Buffer.from("x")])), size: file.length });
    await expect(collected(late)).rejects.toMatchObject({ code: "Damaged" });
  });
});

describe("a seal shows what blocks alone do not", () => {
  const parts = (file: Buffer): Buffer[] => [file.subarray(0, 44), file.subarray(44, 88), file.subarray(88, 132), file.subarray(132)];
  const plain = Buffer.from("a".repeat(16) + "b".repeat(16) + "c".repeat(16));

  test.each([
    ["blocks are swapped", ([a, b, c, end]: Buffer[]) => [b, a, c, end]],
    ["the last block is missing", ([a, b, , end]: Buffer[]) => [a, b, end]],
    ["a block is there twice", ([a, b, c, end]: Buffer[]) => [a, b, b, c, end]],
    ["all blocks are missing", ([, , , end]: Buffer[]) => [end]],
  ])("%s", async (_, change) => {
    const { file, seal } = await stored(plain);
    const changed = Buffer.concat(change(parts(file)) as Buffer[]);
    await expect(load(changed)).resolves.not.toEqual(plain); // the format itself does not see it
    await expect(load(changed, seal)).rejects.toMatchObject({ code: "Damaged" });
  });

  test("a block comes from another file with the same key", async () => {
    const { file, seal } = await stored(plain);
    const [, foreign] = parts((await stored(Buffer.from("d".repeat(48)))).file);
    const [a, , c, end] = parts(file);
    const spliced = Buffer.concat([a, foreign, c, end] as Buffer[]);
    await expect(load(spliced)).resolves.toHaveLength(48);
    await expect(load(spliced, seal)).rejects.toThrow(/not those that were sealed/);
  });

  test("zeros at the end were cut off by changing their number", async () => {
    const { file, seal } = await stored(Buffer.from("number\0\0"));
    file.writeBigUInt64BE(10n, file.length - 8);
    await expect(load(file)).resolves.toEqual(Buffer.from("number"));
    await expect(load(file, seal)).rejects.toMatchObject({ code: "Damaged" });
  });

  test("it holds for one name, one key and every field", async () => {
    const { seal } = await stored(plain);
    const text = ours.sealText("a", seal);
    expect(ours.openSeal("a", text)).toEqual(seal);
    const refused = expect.objectContaining({ code: "SealBroken" }) as unknown;
    expect(() => ours.openSeal("b", text)).toThrow(refused);
    expect(() => encryptedByUs(randomBytes(32), BLOCK).openSeal("a", text)).toThrow(/^a: its seal does not verify/);
    for (let at = 0; at < text.length; at++) {
      const changed = `${text.slice(0, at)}${text[at] === "0" ? "1" : "0"}${text.slice(at + 1)}`;
      expect(() => ours.openSeal("a", changed), changed).toThrow(/its seal/);
    }
  });

  test("it does not tell the digest of the content, by which a guess could be tried", async () => {
    const { seal } = await stored(plain);
    const other = encryptedByUs(randomBytes(32), BLOCK).store(chunks(plain));
    await collected(other.stored);
    expect(other.seal().content).not.toBe(seal.content);
  });
});

test("what the store encrypts is sent as it is, and checked when it comes back", async () => {
  const protection = encryptedByStore(key);
  const { stored: stream, seal } = protection.store(chunks(Buffer.from("some content")));
  const file = await collected(stream);
  expect(file.toString()).toBe("some content");
  expect((await load(file, seal(), protection)).toString()).toBe("some content");
  await expect(load(Buffer.from("some c0ntent"), seal(), protection)).rejects.toThrow(/^cowin\/a\.csv: its content is not what was sealed/);
});
