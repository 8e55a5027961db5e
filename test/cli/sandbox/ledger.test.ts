import { X509Certificate } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openService, type Place } from "../../sandbox/limits/service.js";
import { shell, type Shell } from "../run.js";

const ENDPOINTS = {
  "PUT /row": `
    const { table, key, value } = request.body.json();
    ccf.kv[table].set(ccf.strToBuf(key), ccf.strToBuf(value));
    return {};`,
  "DELETE /row": `ccf.kv[request.query].clear(); return {};`,
};

type Setting = Shell & { readonly dir: string; readonly place: Place; readonly verify: Shell["run"]; readonly show: Shell["run"] };

/** A service in a directory, and the commands beside it. */
async function setting(): Promise<Setting> {
  const at = await shell();
  const dir = join(at.folder, "data");
  const place = await openService(ENDPOINTS, { dir });
  const ledger = (word: string) => (more: readonly string[]) => at.run(["sandbox", "ledger", word, "--dir", dir, ...more]);
  return { ...at, dir, place, verify: ledger("verify"), show: ledger("show") };
}

async function put(place: Place, table: string, key: string, value: string): Promise<string> {
  const { id = "" } = await place.call("PUT", "/row", JSON.stringify({ table, key, value }));
  expect(await place.settled(id)).toBe("Committed");
  return id;
}

const seqnoOf = (id: string): string => id.split(".")[1] ?? "";

test("verify sums up a ledger that is intact, while its service runs and after it has stopped", async () => {
  const { place, verify } = await setting();
  await put(place, "private", "k", "v");
  const fingerprint = new X509Certificate(place.service.serviceCertificate).fingerprint256;
  const { status, out, notes } = await verify([]);
  expect({ status, notes }).toEqual({ status: 0, notes: "" });
  expect(out).toMatch(
    /^The ledger is intact\.\nTransactions: +\d+\nSignatures: +\d+\nViews: +1\nService: +([0-9A-F]{2}:){31}[0-9A-F]{2} \(SHA-256\)\n$/,
  );
  expect(out).toContain(fingerprint);

  await place.service.stop();
  const after = JSON.parse((await verify(["--output", "json"])).out) as Record<string, number>;
  expect(after).toMatchObject({ unsigned: 0, views: 1, serviceFingerprint: fingerprint });
  expect(after.transactions).toBeGreaterThan(Number(after.signatures));
  expect((await verify(["--query", "views", "-o", "tsv"])).out).toBe("1\n");
});

test("verify names the first bad byte of a ledger that was changed", async () => {
  const { place, dir, verify } = await setting();
  const seqno = Number(seqnoOf(await put(place, "public:t", "k", "the value that is changed")));
  await place.service.stop();
  const file = join(dir, "ledger", "ledger_1");
  const bytes = await readFile(file);
  const at = bytes.indexOf("the value that is changed");
  bytes[at] = 0;
  await writeFile(file, bytes);
  const { status, out, notes } = await verify([]);
  expect({ status, out }).toEqual({ status: 1, out: "" });
  const [, named, byte, transaction, reason] = /^error: (.*), byte (\d+): transaction (\d+): (.*)$/.exec(notes) ?? [];
  expect([named, transaction, reason]).toEqual([file, String(seqno), "the entry's checksum does not match"]);
  expect(Number(byte)).toBeLessThan(at);
  expect(Number(byte)).toBeGreaterThan(at - 300);
});

test("verify calls no ledger intact that is empty, renamed, or no file", async () => {
  const { place, dir, verify } = await setting();
  await place.service.stop();
  const folder = join(dir, "ledger");
  const file = join(folder, "ledger_1");
  const renamed = join(folder, "ledger_1-54");
  await rename(file, renamed);
  const refusal = async (): Promise<string> => {
    const { status, out, notes } = await verify([]);
    expect({ status, out }).toEqual({ status: 1, out: "" });
    return notes;
  };
  expect(await refusal()).toBe(`error: ${renamed}, byte 0: transaction 1: this is no file of a ledger`);
  await writeFile(file, "");
  expect(await refusal()).toBe(`error: ${renamed}, byte 0: transaction 1: this is no file of a ledger`);
  await rm(renamed);
  expect(await refusal()).toBe(`error: ${file}, byte 0: transaction 1: the ledger ends here, and holds no signed transaction`);
  await rm(file);
  await mkdir(file);
  expect(await refusal()).toBe(`error: ${file}, byte 0: transaction 1: this is no file of a ledger`);
});

test("verify takes a last transaction that is only partly written for what it is", async () => {
  const { place, dir, verify } = await setting();
  await place.service.stop();
  const file = join(dir, "ledger", "ledger_1");
  await writeFile(file, (await readFile(file)).subarray(0, -5));
  const { status, out } = await verify([]);
  expect(status).toBe(0);
  expect(out).toMatch(/^Transactions: .*\(and .*one only partly written: \d+ of \d+ bytes of an entry\)$/m);
});

test("a ledger does not verify under the certificate of another service", async () => {
  const mine = await setting();
  const other = await setting();
  await writeFile(join(mine.dir, "service_cert.pem"), other.place.service.serviceCertificate);
  const { status, notes } = await mine.verify([]);
  expect(status).toBe(1);
  expect(notes).toMatch(/, byte \d+: transaction 2: the node's certificate is not endorsed by the service$/);
});

test("a directory that holds no service is one clear line", async () => {
  const { run, folder } = await shell();
  for (const command of ["verify", "show"]) {
    for (const dir of [folder, join(folder, "nothing")]) {
      const { status, out, notes } = await run(["sandbox", "ledger", command, "--dir", dir]);
      expect({ status, out }).toEqual({ status: 1, out: "" });
      expect(notes).toBe(`error: ${dir} is not the directory of a service: ${join(dir, "ledger")} is missing`);
    }
  }
  const { dir, place, verify } = await setting();
  await place.service.stop();
  await rm(join(dir, "service_cert.pem"));
  expect((await verify([])).notes).toBe(`error: ${dir} is not the directory of a service: ${join(dir, "service_cert.pem")} is missing`);
});

test("show prints what transactions wrote as a person reads it: public tables in clear, private ones by their size", async () => {
  const { place, show } = await setting();
  const open = seqnoOf(await put(place, "public:notes", "first", "two\nlines \u202e and a turn"));
  const hidden = seqnoOf(await put(place, "hidden", "secret key", "secret value"));
  const long = seqnoOf(await put(place, "public:notes", "long", JSON.stringify({ text: "x".repeat(500) })));
  const gone = seqnoOf((await place.call("DELETE", "/row?public:notes")).id ?? "");

  expect((await show(["--from", open, "--to", open])).out).toBe(
    `2.${open}\n  public:notes\n    first = two\\nlines \\u{202e} and a turn\n`,
  );
  expect((await show(["--from", hidden, "--to", hidden])).out).toMatch(/^2\.\d+\n {2}private, \d+ bytes\n$/);
  expect((await show(["--from", long, "--to", long])).out).toMatch(/^ {4}long = \{"text":"x+\.\.\. \(511 characters\)$/m);
  expect((await show(["--from", gone, "--to", gone])).out).toContain("    first (deleted)\n    long (deleted)\n");
  expect((await show([])).out).not.toContain("secret");
});

test("show can be narrowed to a table, and gives data in full", async () => {
  const { place, show } = await setting();
  const value = { text: "x".repeat(500) };
  const id = await put(place, "public:notes", "k", JSON.stringify(value));
  await put(place, "public:other", "k", "v");
  const found = JSON.parse((await show(["--table", "public:notes", "--output", "json"])).out) as unknown;
  expect(found).toEqual([
    { id, privateBytes: 0, tables: [{ name: "public:notes", rows: [{ key: { text: "k" }, value: { json: value } }] }] },
  ]);
  expect((await show(["--table", "public:nothing"])).out).toBe("");
  expect((await show(["--from", "999999"])).out).toBe("");
});

test.each([
  [["--from", "0"], '"0" is no sequence number'],
  [["--to", "x"], '"x" is no sequence number'],
  [["--from", "3", "--to", "2"], "--from 3 comes after --to 2"],
])("show %j is a usage error", async (options, message) => {
  const { run } = await shell();
  const { status, notes } = await run(["sandbox", "ledger", "show", "--dir", "x", ...options]);
  expect(status).toBe(2);
  expect(notes).toContain(message);
});

test.each(["verify", "show"])("sandbox ledger %s --help shows an example, and text as the default", async (word) => {
  const { run } = await shell();
  const { status, out } = await run(["sandbox", "ledger", word, "--help"]);
  expect(status).toBe(0);
  expect(out).toContain(`cleanroom sandbox ledger ${word} --dir ./data`);
  expect(out).toMatch(/default:\s+"text"/);
});
