import { randomBytes } from "node:crypto";
import { Writable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { transferring } from "../../../cli/data/transfer.js";
import type { Terminal } from "../../../cli/io.js";
import { encryptedByUs } from "../../../cleanroom/blocks/protection.js";
import { encryptFolder } from "../../../cleanroom/transfer/encryptFolder.js";
import { folderWith } from "../../cleanroom/transfer/folders.js";

/** Encrypts three files where a terminal looks on. @returns what was written on it */
async function onTerminal(columns: number): Promise<string> {
  const { at } = await folderWith({ "in/a": "one", "in/b": randomBytes(3_000_000), "in/c": "" });
  let text = "";
  const stream = new Writable({
    write: (chunk: Buffer, _, done) => {
      text += chunk.toString();
      done();
    },
  });
  const terminal: Terminal = Object.assign(stream, { isTTY: true, columns });
  const io = { env: {}, out: () => undefined, note: () => undefined, stdin: () => Promise.resolve(""), terminal };
  await transferring("encrypting", io, (watch) => encryptFolder(at("in"), at("out"), encryptedByUs(randomBytes(32), 1024 * 1024), watch));
  return text;
}

test("on a terminal a bar tells how much is done, of how much, how fast and how long still, and is gone at the end", async () => {
  const written = await onTerminal(120);
  const lines = stripVTControlCharacters(written).split("encrypting ").slice(1);
  expect(lines[0]).toMatch(/^░{20} 0 % of 3 MB, 0 of 3 files, /);
  expect(lines.at(-1)).toMatch(/^█{20} 100 % of 3 MB, 3 of 3 files, [\d.]+ [kMG]?B\/s, .* left$/);
  expect(written).toMatch(/\x1b\[0K$|\x1b\[1G$|\x1b\[2K$|\x1b\[K$/);
});

test("a bar fits on a narrow terminal, has no colour, and leaves its settings alone", async () => {
  const written = await onTerminal(60);
  for (const line of stripVTControlCharacters(written).split("encrypting ")) expect(line.length).toBeLessThan(60 - "encrypting ".length);
  expect(written).not.toMatch(/\x1b\[[\d;]*m|\x1b\[\?/);
});
