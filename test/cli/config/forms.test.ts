import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { expect, test } from "vitest";
import { parseConfig } from "../../../cli/config/model.js";
import { olderForm } from "./older.js";
import { consumer, desk } from "./parties.js";

const example = new URL("../../../examples/ml-training/cleanroom-config.yaml", import.meta.url);

test("a configuration in the older form is read as one in the present form", () => {
  const { config } = parseConfig("old", olderForm());
  const identity = { name: "identity-0f2c7d1e", clientId: "0f2c7d1e-4a55", tenantId: "9c4f7e20" };
  expect(config.identities).toMatchObject([{ name: "cleanroom_cgs_oidc" }, identity]);
  expect(config.kek).toEqual({
    name: "7e41c0da-{contractId}",
    vaultUrl: "https://tdpvault01.vault.azure.net/",
    maaUrl: "https://maa.example",
  });
  const [cowin] = config.datasources;
  expect(cowin).toMatchObject({
    name: "cowin",
    type: "Volume_ReadOnly",
    store: { name: "cowin", type: "Azure_BlobStorage", provider: { url: "https://tdpsa01.blob.core.windows.net/" } },
    identity,
    protection: {
      proxyType: "SecureVolume__ReadOnly__Azure__BlobStorage",
      configuration: '{"KeyType":"KEK","EncryptionMode":"CPK"}',
      encryptionSecrets: {
        dek: { name: "wrapped-cowin-dek" },
        kek: {
          name: "7e41c0da-{contractId}",
          secret: { backingResource: { provider: { configuration: '{"authority":"https://maa.example"}' } } },
        },
      },
    },
  });
  expect(config.applications).toMatchObject([
    {
      name: "train",
      startType: "Auto",
      command: ["/bin/bash", "run.sh"],
      environmentVariables: { query: "a=b" },
      datasources: { cowin: "/mnt/remote/cowin" },
      datasinks: { logs: "/mnt/remote/logs" },
    },
  ]);
  expect(config.governance?.telemetry?.application?.logs).toEqual(config.datasinks[0]);
});

test("what is written from the older form is the present form, and reads as the same", async () => {
  const at = await desk();
  await at.write("c", olderForm({ more: "sandbox: disabled\nnetworkPolicy: {allowAll: 'true'}\n" }));
  const { config } = parseConfig("c", await at.read("c"));
  const { notes } = await at.do("config", "network", "dns", "enable", "--cleanroom-config", at.at("c"));
  expect(notes).toBe(`${at.at("c")} was in the older form and is written anew in the present one`);
  const written = parseConfig("c", await at.read("c"));
  expect(written.seed).toBeUndefined();
  expect(written.config).toEqual({ ...config, network: { ...config.network, dns: { enabled: true, port: 53 } } });
  expect(config.sandbox).toEqual({ sandboxType: "None" });
});

test("the contract of the example is a valid configuration", async () => {
  const at = await desk();
  await at.write("c", await readFile(example, "utf8"));
  expect(await at.do("config", "validate", "--cleanroom-config", at.at("c"))).toEqual({ status: 0, out: "", notes: "" });
});

const faults = [
  [
    "an unknown field",
    "applications: []",
    "applications: []\nsandbx: {}",
    /^c:5:1: unknown field "sandbx"; known here: sandbox, identities,/,
  ],
  ["a field of the wrong type", "datasinks: []", "datasinks: {}", /^c:3:1: datasinks must be array, not {}$/],
  ["a missing field", "datasinks: []\n", "", /^c:1:1: the configuration has no "datasinks"$/],
  ["null where something has to be", "datasinks: []", "datasinks: null", /^c:1:1: the configuration has no "datasinks"$/],
  ["no YAML", "datasinks: []", "datasinks: [", /^c:\d+:\d+: not YAML: /],
  ["a key that comes twice", "datasinks: []", "datasinks: []\ndatasinks: []", /^c:4:1: not YAML: Map keys must be unique/],
  [
    "an unknown word",
    "datasinks: []",
    "datasinks: []\nsandbox:\n  sandboxType: Type_1",
    /^c:5:3: sandbox.sandboxType must be Type_0 or None, not "Type_1"$/,
  ],
  [
    "an issuer of an unknown type",
    "identities: []",
    "identities:\n  - name: x\n    clientId: ''\n    tenantId: ''\n    tokenIssuer:\n      issuerType: Mine\n",
    /^c:6:7: identities\[0\].tokenIssuer.issuerType must be AttestationBasedTokenIssuer, /,
  ],
] as const;

test.each(faults)("%s is named with its line and column", (_, good, bad, message) => {
  const text = "identities: []\ndatasources: []\ndatasinks: []\napplications: []\n".replace(good, bad);
  expect(() => parseConfig("c", text)).toThrow(message);
});

test("all faults of a file are told, each on a line of its own", () => {
  expect(() => parseConfig("c", "identities: 1\ndatasources: 2\ndatasinks: []\napplications: []\n")).toThrow(
    "c:1:1: identities must be array, not 1\n  c:2:1: datasources must be array, not 2",
  );
});

test("faults of the older form are named with their place in it", () => {
  const text = olderForm();
  const line = text.split("\n").findIndex((row) => row.includes("NamePrefix")) + 1;
  expect(() => parseConfig("old", text.replace("NamePrefix", "Name"))).toThrow(
    `old:${line}:15: unknown field "Name"; known here: NamePrefix`,
  );
  const sinkless = text.replace("{logs: logs, metrics", "{logs: other, metrics");
  expect(() => parseConfig("old", sinkless)).toThrow(/^old:\d+:19: no datasink is called "other"$/);
});

test("an edit leaves comments and the order of a file as they were", async () => {
  const at = await desk();
  const config = await consumer(at);
  const before = `# mine\n${(await at.read("tdc-config")).replace("type: Volume_ReadWrite\n", "type: Volume_ReadWrite # what comes out\n")}`;
  await at.write("tdc-config", before);
  await at.do("config", "network", "dns", "enable", "--cleanroom-config", config, "--port", "5353");
  expect(await at.read("tdc-config")).toBe(`${before}network:\n  dns:\n    enabled: true\n    port: 5353\n`);
  await at.do("config", "network", "dns", "disable", "--cleanroom-config", config);
  expect(await at.read("tdc-config")).toBe(before);
});

test("a refused edit leaves the file as it was", async () => {
  const at = await desk();
  const config = await consumer(at);
  const before = await at.read("tdc-config");
  const call = ["config", "add-identity", "az-federated", "--cleanroom-config", config, "--name", "x", "--backing-identity", "nobody"];
  const { status, notes } = await at.run(call);
  expect({ status, notes }).toEqual({
    status: 1,
    notes: 'error: there is no identity "nobody"; there are: cleanroom_cgs_oidc, tdcmi-0f2c7d1e',
  });
  expect(await at.read("tdc-config")).toBe(before);
  expect(parse(before)).not.toBeNull();
});
