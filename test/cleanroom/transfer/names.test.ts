import { randomBytes, randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { blobStorage } from "../../../azure/blobStorage.js";
import type { BlobContainer } from "../../../azure/blob.js";
import { encryptedByUs } from "../../../cleanroom/blocks/protection.js";
import { decryptFolder } from "../../../cleanroom/transfer/decryptFolder.js";
import { downloadEncrypted, downloadFolder } from "../../../cleanroom/transfer/downloadFolder.js";
import { encryptFolder } from "../../../cleanroom/transfer/encryptFolder.js";
import { whyNotStorable } from "../../../cleanroom/transfer/names.js";
import { uploadEncrypted, uploadFolder } from "../../../cleanroom/transfer/uploadFolder.js";
import { storage } from "../../azure/storage.js";
import { folderWith } from "./folders.js";

const { url, account, key } = await storage(afterAll);
const blobs = blobStorage(url, { access: { kind: "sharedKey", account, key } });
const protection = encryptedByUs(randomBytes(32), 64);

async function container(): Promise<BlobContainer> {
  const name = `c-${randomUUID()}`;
  await blobs.createContainer(name);
  return blobs.container(name);
}

async function blobNames(data: BlobContainer): Promise<string[]> {
  const names: string[] = [];
  for await (const { name } of data.list()) names.push(name);
  return names;
}

/** Names that look as if something could go wrong with them, and nothing does. */
const good = [
  ...["a&amp;b", "<name>", "]]>", " lead", "trail ", "a/ b /c", "%41", "a%2Fb", "%", "a+b", "a?b=1", "a#b", "a:b|c*\"d'", "$root"],
  ...[
    "caf\u00e9",
    "cafe\u0301",
    "\u{1f600}",
    "\u202eevil",
    "\u2028",
    "..a",
    ".hidden",
    "a..b",
    "123",
    "0x10",
    "true",
    "__proto__",
    "constructor",
  ],
  ...["n".repeat(255), "\u6f22".repeat(85), `${"d".repeat(250)}/`.repeat(4) + "x".repeat(20)],
];

const bad: Readonly<Record<string, RegExp>> = {
  "esc\u001b[31mred": /control/,
  "line\nbreak": /control/,
  "return\r": /control/,
  "del\u007f": /control/,
  "next\u0085": /control/,
  "\uffff": /control/,
  "deep/\u0007/er": /control/,
  "lone\ud800": /not Unicode/,
  "\ufffd": /not Unicode/,
  "back\\slash": /backslash/,
  "a//b": /empty part/,
  "a/": /empty part/,
  "": /empty part/,
  ".": /dot at the end/,
  "a/../b": /dot at the end/,
  "trailing.": /dot at the end/,
  ".cleanroom-manifest.json": /kept for/,
  "deep/.cleanroom-manifest.json": /kept for/,
  ".x.0a4bd374-8ad2-4ef4-9b0c-90ba0a6be7a8.part": /kept for/,
  ["x".repeat(1025)]: /1025 characters/,
  ["a/".repeat(254) + "b"]: /255 parts/,
};

test("files of all names that can be stored come back under the same", async () => {
  const [source, target, data] = [
    await folderWith(Object.fromEntries(good.map((name) => [name, name]))),
    await folderWith(),
    await container(),
  ];
  expect(await uploadFolder(source.path, data, protection)).toMatchObject({ done: good.length });
  expect(await downloadFolder(data, target.path, protection)).toMatchObject({ done: good.length });
  expect(await target.names()).toEqual([...good].sort());
  for (const name of good) expect(await target.read(name)).toBe(name);
  expect(await uploadFolder(target.path, data, protection)).toMatchObject({ done: 0, unchanged: good.length });
});

test.each(Object.entries(bad))("a file cannot be stored as %j", (name, reason) => {
  expect(whyNotStorable(name)).toMatch(reason);
});

test("where one name cannot be stored, nothing is, and the names are told without what they would do to a terminal", async () => {
  const source = await folderWith({ "a.csv": "one", "esc\u001b[31mred": "two" });
  const [encrypted, data] = [await folderWith(), await container()];
  const refusal = {
    code: "NameRefused",
    message: '"esc\\u001b[31mred" has a control character in its name: nothing was written; rename it, or put it elsewhere',
  };
  await expect(uploadFolder(source.path, data, protection)).rejects.toMatchObject(refusal);
  await expect(encryptFolder(source.path, encrypted.path, protection)).rejects.toMatchObject(refusal);
  await expect(uploadFolder(source.at("esc\u001b[31mred"), data, protection)).rejects.toMatchObject(refusal);
  await source.write("back\\slash", "three");
  await expect(uploadFolder(source.path, data, protection)).rejects.toThrow(
    /^2 names cannot be stored: nothing was written; .*\n {2}"back\\\\slash" has a backslash in its name\n {2}"esc\\u001b/,
  );
  expect(await blobNames(data)).toEqual([]);
  expect(await encrypted.names()).toEqual([]);
});

test("files may be called as what every object has", async () => {
  const names = ["__proto__", "constructor", "toString"];
  const source = await folderWith();
  for (const name of names) await source.write(name, name);
  const [encrypted, fetched, plain, data] = [await folderWith(), await folderWith(), await folderWith(), await container()];
  const all = { done: 3, unchanged: 0, unsealed: 0 };
  expect(await encryptFolder(source.path, encrypted.path, protection)).toMatchObject(all);
  expect(await uploadEncrypted(encrypted.path, data, protection)).toMatchObject(all);
  expect(await downloadEncrypted(data, fetched.path, protection)).toMatchObject(all);
  expect(await decryptFolder(fetched.path, plain.path, protection)).toMatchObject(all);
  for (const name of names) expect(await plain.read(name)).toBe(name);
});

test("a name on the disk that is no UTF-8 is told as such", async () => {
  const source = await folderWith({ "a.csv": "one" });
  await writeFile(Buffer.concat([Buffer.from(join(source.path, "latin-")), Buffer.from([0xe9])]), "x");
  await expect(uploadFolder(source.path, await container(), protection)).rejects.toThrow(
    /^"latin-\ufffd" has a name that is not Unicode: /,
  );
});

test("a file that has the name of a manifest is not left out in silence, except of a folder of encrypted files", async () => {
  const [source, encrypted, data] = [await folderWith({ "a.csv": "one" }), await folderWith(), await container()];
  await encryptFolder(source.path, encrypted.path, protection);
  expect(await uploadEncrypted(encrypted.path, data, protection)).toMatchObject({ done: 1 });
  await expect(uploadFolder(encrypted.path, data, protection)).rejects.toThrow(
    /^"\.cleanroom-manifest\.json" has a name that is kept for /,
  );
});

test("a file that could not stand in one folder with what is stored is refused, and what is stored can still be fetched", async () => {
  for (const [first, second] of [
    ["node", "node/x"],
    ["zz/a/b", "zz"],
  ] as const) {
    const data = await container();
    await uploadFolder((await folderWith({ [first]: "first" })).path, data, protection);
    const { path } = await folderWith({ [second]: "second", "other.csv": "1" });
    await expect(uploadFolder(path, data, protection)).rejects.toMatchObject({ code: "NameRefused", message: expect.stringContaining("nothing was written") as string }); // prettier-ignore
    expect(await blobNames(data)).toEqual([first]);
    const target = await folderWith({});
    expect((await downloadFolder(data, target.path, protection)).done).toBe(1);
  }
});
