import { parse } from "yaml";
import { expect, test } from "vitest";
import { parseConfig } from "../../../cli/config/model.js";
import { desk, resourcesOf } from "./parties.js";

const { vault, storage, maa } = resourcesOf("tdp");
const names = Array.from({ length: 5 }, (_, index) => `data-${index}`);

test("commands that change one configuration at once lose nothing of each other, nor of its private keys", async () => {
  const at = await desk();
  const about = ["--cleanroom-config", at.at("config")];
  await at.do("config", "init", ...about);
  await at.do("config", "set-kek", "--kek-key-vault", vault, "--maa-url", maa, ...about);
  await at.do("config", "add-identity", "az-federated", ...about, "--name", "tdp", "--client-id", "c", "--tenant-id", "t");
  const where = ["--storage-account", storage, "--identity", "tdp", "--dek-key-vault", vault];
  const runs = ["--image", `example.azurecr.io/a@sha256:${"a".repeat(64)}`, "--cpu", "0.5", "--memory", "4"];
  await Promise.all(
    names.flatMap((name) => [
      at.do("config", "add-identity", "az-federated", ...about, "--name", `id-${name}`, "--client-id", "c", "--tenant-id", "t"),
      at.do("config", "add-datasource", ...about, "--name", name, ...where),
      at.do("config", "add-application", ...about, "--name", `app-${name}`, ...runs),
    ]),
  );
  const { config } = parseConfig("config", await at.read("config"));
  expect(config.datasources.map(({ name }) => name).sort()).toEqual(names);
  expect(config.applications.map(({ name }) => name).sort()).toEqual(names.map((name) => `app-${name}`));
  expect(config.identities.map(({ name }) => name)).toEqual(expect.arrayContaining(names.map((name) => `id-${name}`)));
  const keys = parse(await at.read("config.private")) as { readonly name: string }[];
  expect(keys.map(({ name }) => name).sort()).toEqual(names.map((name) => `datasource/${name}`));
});

test("stores that are added to one file at once are all there", async () => {
  const at = await desk();
  const secretstore = (name: string) =>
    at.do(
      ...["secretstore", "add", "--config", at.at("secretstores"), "--name", name],
      ...["--backingstore-type", "Local_File", "--backingstore-path", at.at("keys")],
    );
  const datastore = (name: string) =>
    at.do(
      ...["datastore", "add", "--name", name, "--config", at.at("datastores"), "--secretstore", "data-0"],
      ...["--secretstore-config", at.at("secretstores"), "--encryption-mode", "CSE"],
      ...["--backingstore-type", "Azure_BlobStorage", "--backingstore-id", storage],
    );
  await Promise.all(names.map(secretstore));
  await Promise.all(names.map(datastore));
  const listed = async (list: string): Promise<string[]> =>
    (parse(await at.read(list)) as Readonly<Record<string, { readonly name: string }[]>>)[list]?.map(({ name }) => name).sort() ?? [];
  expect(await listed("secretstores")).toEqual(names);
  expect(await listed("datastores")).toEqual(names);
});

test("data that is added at once under two key encryption keys is refused rather than left without one", async () => {
  const at = await desk();
  const about = ["--cleanroom-config", at.at("config")];
  const stores = ["--secretstore-config", at.at("secretstores")];
  await at.do("config", "init", ...about);
  await at.do("config", "add-identity", "az-federated", ...about, "--name", "tdp", "--client-id", "c", "--tenant-id", "t");
  const secretstore = ["secretstore", "add", "--config", at.at("secretstores"), "--name"];
  await at.do(...secretstore, "local", "--backingstore-type", "Local_File", "--backingstore-path", at.at("keys"));
  await at.do(...secretstore, "deks", "--backingstore-type", "Azure_KeyVault", "--backingstore-id", vault);
  const released = ["--backingstore-type", "Azure_KeyVault_Managed_HSM", "--backingstore-id", vault, "--attestation-endpoint", maa];
  await at.do(...secretstore, "keks", ...released);
  for (const name of names.slice(0, 2)) {
    await at.do(
      ...["datastore", "add", "--name", name, "--config", at.at("datastores"), "--secretstore", "local", ...stores],
      ...["--encryption-mode", "CSE", "--backingstore-type", "Azure_BlobStorage", "--backingstore-id", storage],
    );
  }
  const add = (name: string) =>
    at.run([
      ...["config", "add-datasource", ...about, "--datastore-name", name, "--datastore-config", at.at("datastores"), ...stores],
      ...["--dek-secret-store", "deks", "--kek-secret-store", "keks", "--identity", "tdp"],
    ]);
  const outcomes = await Promise.all(names.slice(0, 2).map(add));
  for (const [index, { status, notes }] of outcomes.entries()) {
    if (status === 0) continue;
    expect(notes).toBe(`error: ${at.at("config")} was given another key encryption key meanwhile: call again`);
    expect(await add(names[index] ?? "")).toMatchObject({ status: 0 });
  }
  const { config } = parseConfig("config", await at.read("config"));
  expect(config.datasources).toHaveLength(2);
  for (const { protection } of config.datasources) expect(protection.encryptionSecrets?.kek.name).toBe(config.kek?.name);
});
