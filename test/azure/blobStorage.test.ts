import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { blobStorage } from "../../azure/blobStorage.js";
import { startAzurite } from "../../azure/local/azurite.js";
import { chunks, collected } from "../cleanroom/blocks/streams.js";
import { storage } from "./storage.js";

const { url, account, key } = await storage(afterAll);
const blobs = blobStorage(url, { access: { kind: "sharedKey", account, key } });

async function container(name: string) {
  await blobs.createContainer(name);
  return blobs.container(name);
}

async function listed(of: Awaited<ReturnType<typeof container>>) {
  const found = [];
  for await (const blob of of.list()) found.push(blob);
  return found;
}

test("a blob comes back as it was, with its metadata, and is listed", async () => {
  const data = await container("roundtrip");
  const content = randomBytes(9 * 1024 * 1024 + 5); // three blocks on the way
  await data.put("deep/er/ü b.csv", chunks(content, 1_000_003), { metadata: () => ({ cleanroom_seal: "v1;size=1" }) });
  await data.put("small", Buffer.from("s"), { metadata: { other: "x" } });
  await data.put("empty", chunks(Buffer.alloc(0)));
  const found = await data.get("deep/er/ü b.csv");
  expect((await collected(found.content)).equals(content)).toBe(true); // toEqual takes a minute
  expect(found).toMatchObject({ size: content.length, metadata: { cleanroom_seal: "v1;size=1" } });
  expect(await listed(data)).toMatchObject([
    { name: "deep/er/ü b.csv", size: content.length, metadata: { cleanroom_seal: "v1;size=1" } },
    { name: "empty", size: 0 },
    { name: "small", size: 1, metadata: { other: "x" } },
  ]);
  await data.remove("small");
  await data.remove("small");
  expect(await listed(data)).toHaveLength(2);
  await expect(data.get("small")).rejects.toMatchObject({ name: "BlobError", code: "BlobNotFound", status: 404 });
});

test("a blob whose content ends with an error is as it was before", async () => {
  const data = await container("interrupted");
  await data.put("kept", Buffer.from("before"));
  const failing = async function* (): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(Buffer.alloc(5 * 1024 * 1024));
    throw new Error("the source is gone");
  };
  await expect(data.put("kept", failing())).rejects.toThrow("the source is gone");
  await expect(data.put("never", failing())).rejects.toThrow("the source is gone");
  expect((await collected((await data.get("kept")).content)).toString()).toBe("before");
  expect(await listed(data)).toHaveLength(1);
});

test("a container is made once, and one that is there keeps its blobs", async () => {
  const data = await container("again");
  await data.put("b", Buffer.from("b"));
  await blobs.createContainer("again");
  expect(await listed(data)).toHaveLength(1);
});

test("a public container is read without a key, another is not", async () => {
  await blobs.createContainer("public", { publicRead: true });
  await blobs.container("public").put("doc", Buffer.from("{}"));
  await (await container("closed")).put("doc", Buffer.from("{}"));
  const anyone = blobStorage(url, { access: { kind: "anonymous" } });
  expect((await collected((await anyone.container("public").get("doc")).content)).toString()).toBe("{}");
  await expect(anyone.container("closed").get("doc")).rejects.toMatchObject({ name: "BlobError" });
});

test("what is refused is told in one line with the name", async () => {
  const wrong = blobStorage(url, { access: { kind: "sharedKey", account, key: randomBytes(32).toString("base64") } });
  await expect(wrong.container("roundtrip").put("x", Buffer.from("x"))).rejects.toMatchObject({
    status: 403,
    message: expect.stringMatching(/^roundtrip\/x: .+$/) as string,
  });
  await expect(blobs.container("absent").put("x", Buffer.from("x"))).rejects.toMatchObject({ code: "ContainerNotFound" });
  const nowhere = blobStorage("http://127.0.0.1:9/none/", { access: { kind: "anonymous" } });
  await expect(nowhere.container("c").get("x")).rejects.toThrow(/^c\/x: cannot be reached: /);
});

test("a list that the store cannot write is told as that, though the store says nothing", { timeout: 60_000 }, async () => {
  const data = await container("unlistable");
  await data.put("esc\u001b[31mred", Buffer.from("x")); // no character of XML
  await expect(listed(data)).rejects.toThrow("unlistable: cannot be listed: the store gave no reason, with HTTP status 500");
});

test("a key of the customer is not sent in the clear", async () => {
  const data = blobs.container("roundtrip", { customerKey: randomBytes(32) });
  await expect(data.put("x", Buffer.from("x"))).rejects.toThrow(/HTTPS/i);
});

test("a store with a certificate of another authority is trusted where that one is named", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cleanroom-azurite-"));
  const [certificate, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1", "-nodes"];
  execFileSync("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", ...subject, "-keyout", keyFile, "-out", certificate], { stdio: "ignore" }); // prettier-ignore
  const secure = await startAzurite({ folder: join(folder, "data"), accounts: { [account]: key }, tls: { certificate, key: keyFile } });
  try {
    expect(secure.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+\/$/);
    const access = { kind: "sharedKey", account, key } as const;
    const trusting = blobStorage(`${secure.url}${account}/`, { access, ca: await readFile(certificate, "utf8") });
    await trusting.createContainer("secure");
    await trusting.container("secure").put("x", Buffer.from("x"));
    expect((await collected((await trusting.container("secure").get("x")).content)).toString()).toBe("x");
    await expect(blobStorage(`${secure.url}${account}/`, { access }).container("secure").get("x")).rejects.toMatchObject({
      name: "BlobError",
    });
  } finally {
    await secure.close();
    await rm(folder, { recursive: true });
  }
});
