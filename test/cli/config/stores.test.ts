import { readFile, rm, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { parse } from "yaml";
import { expect, test } from "vitest";
import { parseConfig } from "../../../cli/config/model.js";
import { desk, resourcesOf, type Desk } from "./parties.js";

const { vault, storage, maa } = resourcesOf("tdp");

/** The commands of the later releases: stores first, then a configuration that names them. */
async function withStores(): Promise<Desk & { readonly config: string }> {
  const at = await desk();
  const config = at.at("config");
  const secretstore = ["secretstore", "add", "--config", at.at("secretstores")];
  await at.do(...secretstore, "--name", "local", "--backingstore-type", "Local_File", "--backingstore-path", at.at("keys"));
  await at.do(...secretstore, "--name", "deks", "--backingstore-type", "Azure_KeyVault", "--backingstore-id", vault);
  await at.do(
    ...[...secretstore, "--name", "keks", "--backingstore-type", "Azure_KeyVault_Managed_HSM"],
    ...["--backingstore-id", vault, "--attestation-endpoint", maa],
  );
  await at.do(...datastore(at, "cowin"));
  await at.do("config", "init", "--cleanroom-config", config);
  await at.do(
    ...["config", "add-identity", "az-federated", "--cleanroom-config", config, "--name", "tdp"],
    ...["--client-id", "c", "--tenant-id", "t"],
  );
  return { ...at, config };
}

function datastore(at: Desk, name: string, ...more: readonly string[]): string[] {
  return [
    ...["datastore", "add", "--name", name, "--config", at.at("datastores"), "--secretstore", "local"],
    ...["--secretstore-config", at.at("secretstores"), "--encryption-mode", "CPK"],
    ...["--backingstore-type", "Azure_BlobStorage", "--backingstore-id", storage, ...more],
  ];
}

const keyStores = (at: Desk): string[] => [
  ...["--secretstore-config", at.at("secretstores"), "--dek-secret-store", "deks", "--kek-secret-store", "keks"],
];

const fromDatastore = (at: Desk & { readonly config: string }, kind: string, ...more: readonly string[]): string[] => [
  ...["config", `add-${kind}`, "--cleanroom-config", at.config, "--datastore-name", "cowin", "--datastore-config", at.at("datastores")],
  ...[...keyStores(at), "--identity", "tdp", ...more],
];

test("secret stores and datastores are described in files, keys of data lie in a local store", async () => {
  const at = await withStores();
  expect(parse(await at.read("secretstores"))).toEqual({
    secretstores: [
      {
        name: "local",
        secretStoreType: "Local_File",
        storeProviderUrl: at.at("keys"),
        configuration: "",
        supportedSecretTypes: ["Secret"],
      },
      {
        name: "deks",
        secretStoreType: "Azure_KeyVault",
        storeProviderUrl: "https://tdpvault.vault.azure.net/",
        configuration: "",
        supportedSecretTypes: ["Secret"],
      },
      {
        name: "keks",
        secretStoreType: "Azure_KeyVault_Managed_HSM",
        storeProviderUrl: "https://tdpvault.vault.azure.net/",
        configuration: JSON.stringify({ authority: maa }),
        supportedSecretTypes: ["Key"],
      },
    ],
  });
  expect(parse(await at.read("datastores"))).toEqual({
    datastores: [
      {
        name: "cowin",
        secretstore_config: at.at("secretstores"),
        secretstore_name: "local",
        encryptionMode: "CPK",
        storeType: "Azure_BlobStorage",
        storeProviderUrl: "https://tdpsa.blob.core.windows.net/",
        storeName: "cowin",
      },
    ],
  });
  const { size, mode } = await stat(join(at.at("keys"), "cowin.bin"));
  expect({ size, mode: mode & 0o777 }).toEqual({ size: 32, mode: 0o600 });
  expect([...at.cloud.containers]).toEqual(["https://tdpsa.blob.core.windows.net/cowin"]);
});

test("the same store again changes nothing; another of its name is refused, and changes nothing", async () => {
  const at = await withStores();
  const before = [await at.read("datastores"), await at.read("secretstores"), await at.read("keys/cowin.bin")];
  await at.do(...datastore(at, "cowin"));
  const other = await at.run(datastore(at, "cowin", "--container-name", "elsewhere"));
  expect(other).toMatchObject({
    status: 1,
    notes: `error: ${at.at("datastores")} has another datastore "cowin" already: choose another name`,
  });
  expect([await at.read("datastores"), await at.read("secretstores"), await at.read("keys/cowin.bin")]).toEqual(before);
});

test("data of a datastore is added with the secret stores that have its keys, and wrapped from where its key lies", async () => {
  const at = await withStores();
  await at.do(...fromDatastore(at, "datasource", "--access-name", "input", "--kek-name", "own-kek"));
  const [point] = parseConfig("c", await at.read("config")).config.datasources;
  expect(point).toMatchObject({
    name: "input",
    store: { name: "cowin", id: "cowin" },
    identity: { name: "tdp", clientId: "c" },
    protection: {
      configuration: '{"KeyType":"KEK","EncryptionMode":"CPK"}',
      encryptionSecrets: {
        dek: { name: "wrapped-cowin-dek-own-kek", secret: { backingResource: { id: "deks" } } },
        kek: { name: "own-kek", secret: { backingResource: { id: "keks" } } },
      },
    },
  });
  const policy = Buffer.from(JSON.stringify({ "x-ms-sevsnpvm-hostdata": ["00"] })).toString("base64");
  const contract = ["--cleanroom-config", at.config, "--contract-id", "c1", "--secretstore-config", at.at("secretstores")];
  await at.do("config", "create-kek", ...contract, "--cleanroom-policy", policy);
  const key = await readFile(at.at("keys/cowin.bin"));
  const unwrapped = (): Buffer =>
    at.cloud.unwrap("https://tdpvault.vault.azure.net/wrapped-cowin-dek-own-kek", "https://tdpvault.vault.azure.net/own-kek");
  await at.do("config", "wrap-deks", ...contract, "--datastore-config", at.at("datastores"));
  expect(unwrapped()).toEqual(key);
  at.cloud.secrets.clear();
  await at.write("config.private", "[]\n");
  await at.do("config", "wrap-deks", ...contract, "--datastore-config", at.at("datastores"));
  expect(unwrapped()).toEqual(key);
});

test("logs can go to a datastore that is made for them", async () => {
  const at = await withStores();
  const call = [
    ...["config", "set-logging", "--cleanroom-config", at.config, "--storage-account", storage, "--identity", "tdp"],
    ...["--datastore-config", at.at("datastores"), "--datastore-secret-store", "local", "--encryption-mode", "CSE", ...keyStores(at)],
    ...["--container-suffix", "run1"],
  ];
  await at.do(...call);
  const { datastores } = parse(await at.read("datastores")) as { datastores: { name: string; storeName: string }[] };
  expect(datastores[1]?.name).toMatch(/^application-telemetry-[0-9a-f]{8}-config$/);
  const { config } = parseConfig("c", await at.read("config"));
  expect(config.datasinks).toMatchObject([
    { name: "application-telemetry", store: { name: "application-telemetry-run1", id: datastores[1]?.name } },
  ]);
  expect(config.governance?.telemetry?.application?.logs).toEqual(config.datasinks[0]);
  const before = await at.read("config");
  await at.do(...call);
  expect(await at.read("config")).toBe(before);
});

test("what the store itself encrypts has no keys", async () => {
  const at = await withStores();
  const call = datastore(at, "open-data").map((word) => (word === "CPK" ? "SSE" : word));
  await at.do(...call);
  await at.do(...fromDatastore(at, "datasink").map((word) => (word === "cowin" ? "open-data" : word)));
  const [point] = parseConfig("c", await at.read("config")).config.datasinks;
  expect(point?.protection).toEqual({
    proxyType: "SecureVolume__ReadWrite__Azure__BlobStorage",
    proxyMode: "Secure",
    configuration: '{"KeyType":"KEK","EncryptionMode":"SSE"}',
  });
  await expect(stat(at.at("keys/open-data.bin"))).rejects.toThrow("ENOENT");
});

test("stores of the wrong type, and names that are not there, are refused", async () => {
  const at = await withStores();
  const before = await at.read("config");
  const attempt = async (swap: readonly [string, string]) =>
    (await at.run(fromDatastore(at, "datasource").map((word) => (word === swap[0] ? swap[1] : word)))).notes;
  expect(await attempt(["keks", "deks"])).toMatch(
    /^error: secret store "deks" is Azure_KeyVault: this takes one of type Azure_KeyVault_Managed_HSM/,
  );
  expect(await attempt(["deks", "local"])).toMatch(/^error: secret store "local" is Local_File: this takes one of type Azure_KeyVault/);
  expect(await attempt(["deks", "none"])).toBe(`error: ${at.at("secretstores")} has no secret store "none"; there are: local, deks, keks`);
  expect(await attempt(["cowin", "none"])).toBe(`error: ${at.at("datastores")} has no datastore "none"; there are: cowin`);
  expect(await attempt(["tdp", "none"])).toBe('error: there is no identity "none"; there are: cleanroom_cgs_oidc, tdp');
  expect(await at.read("config")).toBe(before);
});

test("paths that are given relative to one folder hold in another; what an older release wrote so is the same still", async () => {
  const at = await withStores();
  const from = (name: string): string => relative(process.cwd(), at.at(name));
  const secretstore = ["secretstore", "add", "--config", at.at("secretstores"), "--name", "local"];
  const local = [...secretstore, "--backingstore-type", "Local_File", "--backingstore-path", from("keys")];
  const data = datastore(at, "cowin").map((word) => (word === at.at("secretstores") ? from("secretstores") : word));
  const before = [await at.read("secretstores"), await at.read("datastores")];
  await at.write("secretstores", before[0]?.replace(at.at("keys"), from("keys")) ?? "");
  await at.write("datastores", before[1]?.replace(at.at("secretstores"), from("secretstores")) ?? "");
  await at.do(...local);
  await at.do(...data);
  await rm(at.at("datastores"));
  await at.do(...data);
  expect(await at.read("datastores")).toBe(before[1]);
  await rm(at.at("secretstores"));
  await at.do(...local);
  expect(parse(await at.read("secretstores"))).toMatchObject({ secretstores: [{ storeProviderUrl: at.at("keys") }] });
});
