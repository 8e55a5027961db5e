import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { afterAll, expect, test } from "vitest";
import { storage } from "../../azure/storage.js";
import { dataDesk } from "./desk.js";

const azurite = await storage(afterAll);

async function desk(name: string, mode: string) {
  const data = await dataDesk(azurite);
  const { at, configure } = data;
  const [stores, secrets] = [at("datastores"), at("secretstores")];
  await configure(
    "secretstore",
    "add",
    "--name",
    "local",
    "--config",
    secrets,
    "--backingstore-type",
    "Local_File",
    "--backingstore-path",
    at("keys"),
  );
  const where = ["--secretstore", "local", "--secretstore-config", secrets, "--backingstore-type", "Azure_BlobStorage"];
  await configure(
    "datastore",
    "add",
    "--name",
    name,
    "--config",
    stores,
    ...where,
    "--encryption-mode",
    mode,
    "--backingstore-id",
    azurite.url,
  );
  await mkdir(at("input"));
  await writeFile(at("input/a.csv"), "one");
  const datastore = (verb: string, ...words: readonly string[]) =>
    data.run(["datastore", verb, "--name", name, "--config", stores, ...words]);
  return { ...data, stores, datastore };
}

test("files are encrypted, stored, fetched and decrypted, one command each", async () => {
  const { at, datastore } = await desk("cowin", "CSE");
  const encrypt = ["--source-path", at("input"), "--destination-path", at("encrypted"), "--block-size", "1"];
  expect(await datastore("encrypt", ...encrypt)).toEqual({ status: 0, out: "1 file encrypted (3 B)\n", notes: "" });
  expect(await datastore("encrypt", ...encrypt)).toMatchObject({ out: "0 files encrypted (0 B), 1 unchanged\n" });
  expect((await readFile(at("encrypted/a.csv"))).length).toBe(1024 * 1024 + 28 + 8);
  expect(await datastore("upload", "--source-path", at("encrypted"))).toMatchObject({ status: 0, notes: "" });
  expect(await datastore("download", "--destination-path", at("fetched"))).toMatchObject({ status: 0, notes: "" });
  const decrypt = ["--source-path", at("fetched/cowin"), "--destination-path", at("plain")];
  expect(await datastore("decrypt", ...decrypt)).toEqual({ status: 0, out: "1 file decrypted (3 B)\n", notes: "" });
  expect(await readFile(at("plain/a.csv"), "utf8")).toBe("one");
});

test("plaintext never goes to a datastore that the client encrypts", async () => {
  const { at, datastore, blobs } = await desk("careful", "CSE");
  const { status, notes } = await datastore("upload", "--source-path", at("input"));
  expect({ status, notes }).toEqual({
    status: 1,
    notes: `error: ${at("input/a.csv")} is not what datastore encrypt made: nothing was sent`,
  });
  for await (const { name } of blobs.container("careful").list()) expect.unreachable(name);
});

test("a datastore whose store encrypts takes files as they are, and none to encrypt", async () => {
  const { at, datastore } = await desk("plainly", "SSE");
  expect(await datastore("upload", "--source-path", at("input"))).toMatchObject({ status: 0 });
  expect(await datastore("download", "--destination-path", at("fetched"))).toMatchObject({ status: 0, notes: "" });
  expect(await readFile(at("fetched/plainly/a.csv"), "utf8")).toBe("one");
  const { status, notes } = await datastore("encrypt", "--source-path", at("input"), "--destination-path", at("encrypted"));
  expect({ status, notes }).toEqual({
    status: 1,
    notes: 'error: datastore "plainly" has --encryption-mode SSE: its store encrypts the data, not this command',
  });
});

test.each(["0", "65", "1.5", "x", ""])("a block size of %j is a usage error", async (size) => {
  const { at, datastore } = await desk("sizes", "CSE");
  const paths = ["--source-path", at("input"), "--destination-path", at("encrypted")];
  const { status, notes } = await datastore("encrypt", ...paths, "--block-size", size);
  expect({ status, notes }).toEqual({
    status: 2,
    notes: `error: --block-size wants a whole number of MB from 1 to 64, not "${size}"\nSee --help.`,
  });
  expect(await readdir(at("."))).not.toContain("encrypted");
});
