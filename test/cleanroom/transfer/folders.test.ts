import { randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { expect, test } from "vitest";
import { encryptedByUs } from "../../../cleanroom/blocks/protection.js";
import { decryptFolder } from "../../../cleanroom/transfer/decryptFolder.js";
import { encryptFolder } from "../../../cleanroom/transfer/encryptFolder.js";
import { decoded } from "../blocks/reference.js";
import { folderWith } from "./folders.js";

const BLOCK = 64;
const key = randomBytes(32);
const protection = encryptedByUs(key, BLOCK);
const files = { "a.csv": "one", "deep/er/b.csv": "x".repeat(1000), empty: "" };
const MANIFEST = ".cleanroom-manifest.json";

async function encryptedFiles() {
  const [source, encrypted, plain] = [await folderWith(files), await folderWith(), await folderWith()];
  const summary = await encryptFolder(source.path, encrypted.path, protection);
  return { source, encrypted, plain, summary };
}

test("a folder is encrypted file by file, and decrypted to what it was", async () => {
  const { encrypted, plain, summary } = await encryptedFiles();
  expect(summary).toEqual({ done: 3, unchanged: 0, bytes: 1003, unsealed: 0 });
  expect(await encrypted.names()).toEqual([MANIFEST, "a.csv", "deep/er/b.csv", "empty"].sort());
  expect(decoded(await readFile(encrypted.at("deep/er/b.csv")), key, BLOCK).toString()).toBe(files["deep/er/b.csv"]);
  expect(await decryptFolder(encrypted.path, plain.path, protection)).toEqual({ done: 3, unchanged: 0, bytes: 1003, unsealed: 0 });
  expect(await plain.names()).toEqual(Object.keys(files).sort());
  for (const [name, content] of Object.entries(files)) expect(await plain.read(name)).toBe(content);
  expect((await stat(plain.at("a.csv"))).mode & 0o777).toBe(0o600);
});

test("a second time only what has changed is encrypted", async () => {
  const { source, encrypted } = await encryptedFiles();
  const before = await readFile(encrypted.at("a.csv"));
  await source.write("deep/er/b.csv", "y".repeat(1000));
  await source.write("new", "n");
  expect(await encryptFolder(source.path, encrypted.path, protection)).toMatchObject({ done: 2, unchanged: 2 });
  expect(await readFile(encrypted.at("a.csv"))).toEqual(before);
  expect(decoded(await readFile(encrypted.at("deep/er/b.csv")), key, BLOCK).toString()).toBe("y".repeat(1000));
  await rm(encrypted.at("a.csv"));
  expect(await encryptFolder(source.path, encrypted.path, protection)).toMatchObject({ done: 1, unchanged: 3 });
});

test("every damaged file is named, none of it is left, and the others are there", async () => {
  const { encrypted, plain } = await encryptedFiles();
  const changed = await readFile(encrypted.at("deep/er/b.csv"));
  changed[changed.length - 100] = (changed[changed.length - 100] ?? 0) ^ 0x80;
  await encrypted.write("deep/er/b.csv", changed);
  await expect(decryptFolder(encrypted.path, plain.path, protection)).rejects.toThrow(
    /^deep\/er\/b\.csv: block 1[56] of 16 does not verify/,
  );
  expect(await plain.names()).toEqual(["a.csv", "empty"]);
  await encrypted.write("empty", "");
  await expect(decryptFolder(encrypted.path, plain.path, protection)).rejects.toThrow(
    /^2 of 3 files failed:\n {2}deep\/er\/b\.csv: .*\n {2}empty: /,
  );
  expect(await plain.names()).toEqual(["a.csv", "empty"]); // of the first time
});

test("files that trade names are refused, and so is one that is gone", async () => {
  const { encrypted, plain } = await encryptedFiles();
  await rename(encrypted.at("a.csv"), encrypted.at("tmp"));
  await rename(encrypted.at("deep/er/b.csv"), encrypted.at("a.csv"));
  await rename(encrypted.at("tmp"), encrypted.at("deep/er/b.csv"));
  await rm(encrypted.at("empty"));
  await expect(decryptFolder(encrypted.path, plain.path, protection)).rejects.toThrow(
    /^3 of 3 files failed:\n {2}a\.csv: has .*\n {2}deep\/er\/b\.csv: has .*\n {2}empty: the manifest of .* lists it, and it is not there$/,
  );
  expect(await plain.names()).toEqual([]);
});

test("nothing is decrypted with another key, and a changed manifest is refused", async () => {
  const { source, encrypted, plain } = await encryptedFiles();
  const other = encryptedByUs(randomBytes(32), BLOCK);
  await expect(decryptFolder(encrypted.path, plain.path, other)).rejects.toMatchObject({ code: "SealBroken" });
  await expect(encryptFolder(source.path, encrypted.path, other)).rejects.toThrow(/belongs to another key, or was changed/);
  const manifest = JSON.parse(await encrypted.read(MANIFEST)) as { files: Record<string, string> };
  delete manifest.files.empty;
  await encrypted.write(MANIFEST, JSON.stringify(manifest));
  await expect(decryptFolder(encrypted.path, plain.path, protection)).rejects.toThrow(/cleanroom-manifest\.json does not verify/);
  await encrypted.write(MANIFEST, "{}");
  await expect(decryptFolder(encrypted.path, plain.path, protection)).rejects.toThrow(/is no manifest/);
  await rm(encrypted.at(MANIFEST));
  await expect(decryptFolder(encrypted.path, plain.path, other)).rejects.toThrow(/3 files failed|2 of 3 files failed/);
  expect((await plain.names()).filter((name) => name !== "empty")).toEqual([]);
});

test("files that the clean room wrote have no seal: their blocks are checked, and the summary says so", async () => {
  const { encrypted, plain } = await encryptedFiles();
  await rm(encrypted.at(MANIFEST));
  expect(await decryptFolder(encrypted.path, plain.path, protection)).toMatchObject({ done: 3, unsealed: 3 });
  expect(await plain.read("deep/er/b.csv")).toBe(files["deep/er/b.csv"]);
});

test("one file is taken as well as a folder", async () => {
  const { source, plain } = await encryptedFiles();
  const encrypted = await folderWith();
  await encryptFolder(source.at("deep/er/b.csv"), encrypted.path, protection);
  expect(await encrypted.names()).toEqual([MANIFEST, "b.csv"]);
  await decryptFolder(encrypted.at("b.csv"), plain.path, protection);
  expect(await plain.read("b.csv")).toBe(files["deep/er/b.csv"]);
});

test("a destination within the source is refused, and links to folders are not followed", async () => {
  const { source, encrypted } = await encryptedFiles();
  await expect(encryptFolder(source.path, source.path, protection)).rejects.toThrow(/choose a destination elsewhere/);
  await expect(encryptFolder(source.path, source.at("out"), protection)).rejects.toThrow(/choose a destination elsewhere/);
  await expect(encryptFolder(source.at("a.csv"), source.path, protection)).rejects.toThrow(/choose a destination elsewhere/);
  await symlink(encrypted.path, source.at("elsewhere"));
  await expect(encryptFolder(source.path, (await folderWith()).path, protection)).rejects.toThrow(/elsewhere is a link to a folder/);
});

test("a source that ends with an error leaves no file, and no draft of one", async () => {
  const { source, encrypted } = await encryptedFiles();
  await source.write("a.csv", "changed");
  const failing = {
    ...protection,
    store: () => ({
      stored: (async function* () {
        yield await Promise.resolve(Buffer.from("begun"));
        throw new Error("the disk is gone");
      })(),
      seal: () => ({ size: 0, blockBytes: BLOCK, content: "", blocks: "" }),
    }),
  };
  const before = await encrypted.names();
  await expect(encryptFolder(source.path, encrypted.path, failing)).rejects.toThrow("the disk is gone");
  expect(await encrypted.names()).toEqual(before);
});

test("two that encrypt into one folder at once do so one after the other: the manifest has the files of both", async () => {
  const { source, encrypted, plain } = await encryptedFiles();
  const other = await folderWith(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`other-${index}`, "z"])));
  await rm(encrypted.path, { recursive: true });
  await Promise.all([source, other].map(({ path }) => encryptFolder(path, encrypted.path, protection)));
  expect(await decryptFolder(encrypted.path, plain.path, protection)).toMatchObject({ done: 23, unsealed: 0 });
  expect((await encrypted.names()).filter((name) => name.startsWith("."))).toEqual([MANIFEST]);
});

test("the lock of a command that was killed is no data", async () => {
  const { encrypted, plain } = await encryptedFiles();
  await encrypted.write(`${MANIFEST}.lock`, "");
  expect(await decryptFolder(encrypted.path, plain.path, protection)).toMatchObject({ done: 3, unsealed: 0 });
});

test("an encrypted file that was damaged is encrypted anew", async () => {
  const { source, encrypted, plain } = await encryptedFiles();
  const damaged = await readFile(encrypted.at("deep/er/b.csv"));
  damaged[500] = (damaged[500] ?? 0) ^ 1;
  await encrypted.write("deep/er/b.csv", damaged);
  expect(await encryptFolder(source.path, encrypted.path, protection)).toMatchObject({ done: 1, unchanged: 2 });
  expect(await decryptFolder(encrypted.path, plain.path, protection)).toMatchObject({ done: 3 });
});

test("a name that the other side cannot have is refused before any file is written", async () => {
  const source = await folderWith({ a: "one", "b\\c": "two", "d\\e": "three" });
  const destination = await folderWith();
  await expect(encryptFolder(source.path, destination.path, protection)).rejects.toMatchObject({ code: "NameRefused" });
  await expect(decryptFolder(source.path, destination.path, protection)).rejects.toMatchObject({
    code: "NameRefused",
    message: '"b\\\\c" cannot be the name of a file here, nor can 1 more be: nothing was written',
  });
  expect(await destination.names()).toEqual([]);
});

test("a link to nothing is named, with what to do", async () => {
  const { source, encrypted } = await encryptedFiles();
  await symlink(source.at("nothing"), source.at("deep/link"));
  await expect(encryptFolder(source.path, encrypted.path, protection)).rejects.toMatchObject({
    code: "Missing",
    message: `${source.at("deep/link")} is a link to nothing: remove it, or put there what it leads to`,
  });
});

test("a file that cannot be written is named, and nothing more is tried", async () => {
  const { source, encrypted } = await encryptedFiles();
  const before = await encrypted.read(MANIFEST);
  await source.write("deep/er/b.csv", "changed");
  await rm(encrypted.at("deep/er/b.csv"));
  await mkdir(encrypted.at("deep/er/b.csv/in the way"), { recursive: true });
  await expect(encryptFolder(source.path, encrypted.path, protection)).rejects.toMatchObject({
    code: "NotWritten",
    message: `cannot write ${encrypted.at("deep/er/b.csv")}: illegal operation on a directory`,
  });
  expect(await encrypted.read(MANIFEST)).toBe(before);
});

test("of many files that failed the first are named, and the others counted", async () => {
  const names = Array.from({ length: 30 }, (_, index) => `f${String(index).padStart(2, "0")}`);
  const source = await folderWith(Object.fromEntries(names.map((name) => [name, name])));
  const [encrypted, plain] = [await folderWith(), await folderWith()];
  await encryptFolder(source.path, encrypted.path, protection);
  await Promise.all(names.slice(1).map((name) => rm(encrypted.at(name))));
  const failure = await decryptFolder(encrypted.path, plain.path, protection).then(String, String);
  expect(failure).toMatch(/^DataError: 29 of 30 files failed:\n {2}f01: [^\n]*\n {2}f02: /);
  expect(failure.split("\n")).toHaveLength(12);
  expect(failure).toMatch(/\n {2}and 19 more$/);
});

test("a name with line feeds and escape sequences does nothing to a terminal", async () => {
  const names = ["a\u001b[2J\nerror: forged", "b\u202e"];
  const [encrypted, plain] = [await folderWith(Object.fromEntries(names.map((name) => [name, "damaged"]))), await folderWith()];
  await expect(decryptFolder(encrypted.path, plain.path, protection)).rejects.toThrow(
    /^2 of 2 files failed:\n {2}a\\u\{1b\}\[2J\\nerror: forged: its 7 bytes [^\n]*\n {2}b\\u\{202e\}: its 7 bytes [^\n]*$/,
  );
});
