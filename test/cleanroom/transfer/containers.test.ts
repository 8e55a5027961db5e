import { randomBytes, randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { afterAll, expect, test } from "vitest";
import { blobStorage } from "../../../azure/blobStorage.js";
import type { BlobContainer } from "../../../azure/blob.js";
import { encryptedByStore, encryptedByUs } from "../../../cleanroom/blocks/protection.js";
import { decryptFolder } from "../../../cleanroom/transfer/decryptFolder.js";
import { downloadEncrypted, downloadFolder } from "../../../cleanroom/transfer/downloadFolder.js";
import { encryptFolder } from "../../../cleanroom/transfer/encryptFolder.js";
import { uploadEncrypted, uploadFolder } from "../../../cleanroom/transfer/uploadFolder.js";
import { storage } from "../../azure/storage.js";
import { decoded } from "../blocks/reference.js";
import { collected } from "../blocks/streams.js";
import { folderWith } from "./folders.js";

const BLOCK = 64;
const { url, account, key } = await storage(afterAll);
const blobs = blobStorage(url, { access: { kind: "sharedKey", account, key } });
const dek = randomBytes(32);
const protection = encryptedByUs(dek, BLOCK);
const files = { "a.csv": "one", "deep/b.csv": "x".repeat(1000), empty: "" };

async function container(): Promise<BlobContainer> {
  const name = `c-${randomUUID()}`;
  await blobs.createContainer(name);
  return blobs.container(name);
}

async function uploaded() {
  const [source, target, data] = [await folderWith(files), await folderWith(), await container()];
  const summary = await uploadFolder(source.path, data, protection);
  return { source, target, data, summary };
}

async function bytesOf(data: BlobContainer, name: string): Promise<Buffer> {
  return collected((await data.get(name)).content);
}

/** Changes the bytes of a blob, and leaves its metadata. */
async function altered(data: BlobContainer, name: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  const { metadata } = await data.get(name);
  await data.put(name, change(await bytesOf(data, name)), { metadata });
}

test("files go up encrypted, in the blocks that the clean room mounts, and come back", async () => {
  const { target, data, summary } = await uploaded();
  expect(summary).toEqual({ done: 3, unchanged: 0, bytes: 1003, unsealed: 0 });
  const blob = await bytesOf(data, "deep/b.csv");
  expect(decoded(blob, dek, BLOCK).toString()).toBe(files["deep/b.csv"]);
  expect(await downloadFolder(data, target.path, protection)).toEqual({ done: 3, unchanged: 0, bytes: 1003, unsealed: 0 });
  expect(await target.names()).toEqual(Object.keys(files).sort());
  for (const [name, content] of Object.entries(files)) expect(await target.read(name)).toBe(content);
});

test("an upload that was interrupted goes on where it was, and unchanged files are not sent again", async () => {
  const { source, data } = await uploaded();
  const before = await bytesOf(data, "a.csv");
  expect(await uploadFolder(source.path, data, protection)).toEqual({ done: 0, unchanged: 3, bytes: 0, unsealed: 0 });
  await data.remove("deep/b.csv"); // as if it had not been reached
  await source.write("empty", "no more");
  expect(await uploadFolder(source.path, data, protection)).toEqual({ done: 2, unchanged: 1, bytes: 1007, unsealed: 0 });
  expect(await bytesOf(data, "a.csv")).toEqual(before);
  const stopping: BlobContainer = {
    ...data,
    put: (name, ...rest) => (name === "deep/b.csv" ? Promise.reject(new Error("the line is cut")) : data.put(name, ...rest)),
  };
  await source.write("deep/b.csv", "y");
  await source.write("a.csv", "two");
  await expect(uploadFolder(source.path, stopping, protection)).rejects.toThrow("the line is cut");
  expect((await uploadFolder(source.path, data, protection)).done).toBeGreaterThanOrEqual(1);
  expect(decoded(await bytesOf(data, "deep/b.csv"), dek, BLOCK).toString()).toBe("y");
  expect(decoded(await bytesOf(data, "a.csv"), dek, BLOCK).toString()).toBe("two");
});

test("what was uploaded with another key is replaced", async () => {
  const { source, data } = await uploaded();
  const other = encryptedByUs(randomBytes(32), BLOCK);
  expect(await uploadFolder(source.path, data, other)).toMatchObject({ done: 3, unchanged: 0 });
});

test.each<[string, (data: BlobContainer) => Promise<void>, RegExp]>([
  ["a flipped byte", (data) => altered(data, "deep/b.csv", (b) => b.fill((b[500] ?? 0) ^ 1, 500, 501)), /^deep\/b\.csv: block \d+ of 16/],
  [
    "a missing block",
    (data) => altered(data, "deep/b.csv", (b) => Buffer.concat([b.subarray(0, 92), b.subarray(184)])),
    /^deep\/b\.csv: has /,
  ],
  [
    "two blocks in the other order",
    (data) => altered(data, "deep/b.csv", (b) => Buffer.concat([b.subarray(92, 184), b.subarray(0, 92), b.subarray(184)])),
    /^deep\/b\.csv: its blocks are not those/,
  ],
  [
    "the blob of another name",
    async (data) => {
      const { metadata } = await data.get("a.csv");
      await data.put("deep/b.csv", await bytesOf(data, "a.csv"), { metadata });
    },
    /^deep\/b\.csv: its seal does not verify/,
  ],
])("%s is an error that names the file, and nothing of it is left", async (_, change, message) => {
  const { target, data } = await uploaded();
  await change(data);
  await expect(downloadFolder(data, target.path, protection)).rejects.toThrow(message);
  expect(await target.names()).toEqual(["a.csv", "empty"]);
});

test("with another key nothing comes down", async () => {
  const { target, data } = await uploaded();
  await expect(downloadFolder(data, target.path, encryptedByUs(randomBytes(32), BLOCK))).rejects.toThrow(/^3 of 3 files failed/);
  expect(await target.names()).toEqual([]);
});

test("what the clean room wrote, which has no seal, is told apart", async () => {
  const { target, data } = await uploaded();
  await data.put("model.onnx", await bytesOf(data, "deep/b.csv"));
  expect(await downloadFolder(data, target.path, protection)).toMatchObject({ done: 4, unsealed: 1 });
  expect(await target.read("model.onnx")).toBe(files["deep/b.csv"]);
});

test("a file that is there with the same content is not fetched, another is replaced", async () => {
  const { target, data } = await uploaded();
  await target.write("a.csv", "one");
  await target.write("deep/b.csv", "z".repeat(1000));
  expect(await downloadFolder(data, target.path, protection)).toMatchObject({ done: 2, unchanged: 1 });
  expect(await target.read("deep/b.csv")).toBe(files["deep/b.csv"]);
});

test.each(["../outside", "a/../../outside", "a//b", "a\\b"])("a blob of the name %j writes nothing", async (name) => {
  const { target, data } = await uploaded();
  // A store in other hands lists what it likes.
  const hostile: BlobContainer = {
    ...data,
    list: async function* () {
      yield await Promise.resolve({ name, size: 0, metadata: {} });
    },
  };
  await expect(downloadFolder(hostile, target.path, protection)).rejects.toThrow(/cannot be the name of a file here/);
  expect(await target.names()).toEqual([]);
});

test("what was encrypted before goes up and comes down as it is, with its seals", async () => {
  const [source, encrypted, fetched, plain, data] = [
    await folderWith(files),
    await folderWith(),
    await folderWith(),
    await folderWith(),
    await container(),
  ];
  await encryptFolder(source.path, encrypted.path, protection);
  expect(await uploadEncrypted(encrypted.path, data, protection)).toMatchObject({ done: 3, unchanged: 0 });
  expect(await uploadEncrypted(encrypted.path, data, protection)).toMatchObject({ done: 0, unchanged: 3 });
  expect(await downloadEncrypted(data, fetched.path, protection)).toMatchObject({ done: 3, unsealed: 0 });
  expect(await fetched.names()).toEqual(await encrypted.names());
  expect(await readFile(fetched.at("a.csv"))).toEqual(await readFile(encrypted.at("a.csv")));
  expect(await decryptFolder(fetched.path, plain.path, protection)).toMatchObject({ done: 3, unsealed: 0 });
  expect(await downloadFolder(data, (await folderWith()).path, protection)).toMatchObject({ done: 3, unsealed: 0 });
});

test("plaintext is not sent to where encrypted files belong", async () => {
  const [source, data] = [await folderWith(files), await container()];
  await expect(uploadEncrypted(source.path, data, protection)).rejects.toMatchObject({ code: "NotEncrypted" });
  const encrypted = await folderWith();
  await encryptFolder(source.path, encrypted.path, protection);
  await encrypted.write("a.csv", "one");
  await expect(uploadEncrypted(encrypted.path, data, protection)).rejects.toThrow(
    /a\.csv is not what datastore encrypt made: nothing was sent/,
  );
  await rm(encrypted.at("a.csv"));
  for await (const blob of data.list()) expect.unreachable(blob.name);
});

test("what the store itself encrypts goes up as it is, and is checked when it comes down", async () => {
  const [source, target, data] = [await folderWith(files), await folderWith(), await container()];
  const byStore = encryptedByStore(undefined);
  expect(await uploadFolder(source.path, data, byStore)).toMatchObject({ done: 3 });
  expect(await uploadFolder(source.path, data, byStore)).toMatchObject({ unchanged: 3 });
  expect((await bytesOf(data, "a.csv")).toString()).toBe("one");
  await altered(data, "a.csv", () => Buffer.from("two"));
  await expect(downloadFolder(data, target.path, byStore)).rejects.toThrow(/^a\.csv: its content is not what was sealed/);
  expect(await target.names()).toEqual(["deep/b.csv", "empty"]);
});

test("a name that the other side cannot have is refused before the first file goes up or comes down", async () => {
  const [source, target, data] = [await folderWith({ a: "one", "b\\c": "two" }), await folderWith(), await container()];
  await expect(uploadFolder(source.path, data, protection)).rejects.toMatchObject({ code: "NameRefused" });
  for await (const { name } of data.list()) expect.unreachable(name);
  await data.put("a", Buffer.from("one"));
  const hostile: BlobContainer = {
    ...data,
    list: async function* () {
      yield* data.list();
      yield await Promise.resolve({ name: "b\\c", size: 0, metadata: {} });
    },
  };
  for (const download of [downloadFolder, downloadEncrypted]) {
    await expect(download(hostile, target.path, encryptedByStore(dek))).rejects.toMatchObject({ code: "NameRefused" });
  }
  expect(await target.names()).toEqual([]);
});
