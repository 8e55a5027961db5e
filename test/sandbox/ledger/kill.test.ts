import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { Identity } from "../../../sandbox/enclave/identity.js";
import { decodeEntry, privateWrites } from "../../../sandbox/enclave/ledger/entry.js";
import { ledgerEntries } from "../../../sandbox/host/ledger/scan.js";
import { verifyDirectory } from "../../../sandbox/host/ledger/verify.js";
import { fileService, temporaryDirectory, text } from "./service.js";

const ROUNDS = 6;

/** Lets the process write until `lines` lines have come from it, and kills it at once. */
async function killAfter(program: string, args: readonly string[], lines: number): Promise<string[]> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const said: string[] = [];
  const ended = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === lines) child.kill("SIGKILL");
  }
  const [code, signal] = (await ended) as [number | null, string | null];
  expect([code, signal]).toEqual([null, "SIGKILL"]);
  return said;
}

test("a process that is killed at any moment loses nothing that it reported committed, and its lost ids stay invalid", async () => {
  const work = await temporaryDirectory();
  const program = join(work, "writer.mjs");
  const banner = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  const entryPoints = [join(import.meta.dirname, "writerProcess.ts")];
  await build({ entryPoints, bundle: true, platform: "node", format: "esm", outfile: program, banner: { js: banner }, logLevel: "error" });

  const directory = join(work, "ledger");
  const sealed = join(work, "identity.json");
  const issued = new Map<string, string>();
  let committed = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const reported: string[] = [];
    for (const line of await killAfter(program, [directory, sealed], 40 + round * 37)) {
      const [, id, value] = /^issued (\S+) (.*)$/.exec(line) ?? [];
      if (id !== undefined && value !== undefined) {
        expect(issued.has(id)).toBe(false);
        issued.set(id, value);
        reported.push(id);
      }
      committed = Math.max(committed, Number(/^committed (\d+)$/.exec(line)?.[1] ?? 0));
    }
    expect(reported.length).toBeGreaterThan(0);
  }
  expect(committed).toBeGreaterThan(0);

  const identity = Identity.unseal(await readFile(sealed, "utf8"), { hosts: ["127.0.0.1"], validFrom: new Date() });
  expect((await verifyDirectory(directory, identity.serviceCertificate)).fault).toBeUndefined();
  const { ledger, files } = await fileService(directory, { identity });
  await ledger.whenCommitted(ledger.lastSignedSeqno);
  expect(ledger.lastCommitted().seqno).toBeGreaterThan(committed);
  expect(ledger.currentView).toBe(2 + ROUNDS);

  const written = new Map<string, string | undefined>();
  for await (const bytes of ledgerEntries(directory)) {
    const entry = decodeEntry(bytes);
    const value = privateWrites(entry, identity.secrets.at(entry.seqno)).get("rows")?.get("k");
    if (value) written.set(`${entry.view}.${entry.seqno}`, text(value));
  }
  for (const [id, value] of issued) {
    const [view = 0, seqno = 0] = id.split(".").map(Number);
    const status = ledger.statusOf(view, seqno);
    expect([id, status]).toEqual([id, written.has(id) ? "Committed" : "Invalid"]);
    if (status === "Committed") expect(written.get(id)).toBe(value);
  }
  await files.close();
});
