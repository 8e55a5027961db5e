import { readdir, stat } from "node:fs/promises";
import { parse } from "yaml";
import { expect, test } from "vitest";
import { parseConfig, type Specification } from "../../../cli/config/model.js";
import { consumer, desk, image, publisher, resourcesOf } from "./parties.js";

test("init makes an empty configuration in the present form, and a place for keys that nobody else can read", async () => {
  const at = await desk();
  expect(await at.do("config", "init", "--cleanroom-config", at.at("c"))).toEqual({ status: 0, out: "", notes: "" });
  expect(parse(await at.read("c"))).toMatchObject({
    identities: [{ name: "cleanroom_cgs_oidc", tokenIssuer: { issuerType: "AttestationBasedTokenIssuer" } }],
    datasources: [],
    datasinks: [],
    applications: [],
  });
  expect((await stat(at.at("c.keys"))).mode & 0o777).toBe(0o700);
  expect((await stat(at.at("c.private"))).mode & 0o777).toBe(0o600);
});

test("init leaves a file alone that is there", async () => {
  const at = await desk();
  await at.write("c", "mine\n");
  const { notes } = await at.do("config", "init", "--cleanroom-config", at.at("c"));
  expect(notes).toBe(`warning: ${at.at("c")} is there already and stays as it is`);
  expect(await at.read("c")).toBe("mine\n");
});

test("the tutorial's commands describe the data of both parties, and view joins them to a valid contract", async () => {
  const at = await desk();
  const [tdp, tdc] = [await publisher(at), await consumer(at)];
  const { out, notes } = await at.do("config", "view", "--cleanroom-config", tdc, "--configs", tdp);
  expect(notes).toBe("");
  await at.write("cleanroom-config", out);
  expect(await at.do("config", "validate", "--cleanroom-config", at.at("cleanroom-config"))).toEqual({ status: 0, out: "", notes: "" });

  const merged = parse(out) as Specification;
  const names = (points: readonly { name: string }[]): string[] => points.map(({ name }) => name);
  expect(names(merged.identities)).toEqual(["cleanroom_cgs_oidc", "tdcmi-0f2c7d1e", "tdpmi-0f2c7d1e"]);
  expect(names(merged.datasources)).toEqual(["model", "config", "cowin", "icmr", "index"]);
  expect(names(merged.datasinks)).toEqual(["output", "application-telemetry", "infrastructure-telemetry"]);
  expect(merged).not.toHaveProperty("kek");
  expect(merged.applications).toEqual([
    {
      name: "depa-training",
      image: {
        executable: {
          documentType: "OCI",
          authenticityReceipt: "",
          backingResource: {
            name: "depa-training",
            type: "AzureContainerRegistry",
            id: image,
            provider: { protocol: "AzureContainerRegistry", url: "cleanroomsamples.azurecr.io", configuration: "" },
          },
        },
        enforcementPolicy: { policy: { policyDocument: '{"trustType":"https"}' } },
      },
      startType: "Auto",
      command: ["/bin/bash", "run.sh"],
      environmentVariables: {
        model_config: "/mnt/remote/config/model_config.json",
        query_config: "/mnt/remote/config/query_config.json",
      },
      datasources: {
        config: "/mnt/remote/config",
        model: "/mnt/remote/model",
        cowin: "/mnt/remote/cowin",
        icmr: "/mnt/remote/icmr",
        index: "/mnt/remote/index",
      },
      datasinks: { output: "/mnt/remote/output" },
      runtimeSettings: { ports: [], resource: { requests: { cpu: 0.5, memoryInGB: 4 } } },
    },
  ]);
  const [, logs, telemetry] = merged.datasinks;
  expect(merged.governance).toEqual({
    telemetry: { application: { logs }, infrastructure: { metrics: telemetry, traces: telemetry, logs: telemetry } },
  });
});

test("a datasource says where it lies, who may read it, and under which names its keys will be", async () => {
  const at = await desk();
  const tdp = await publisher(at);
  const { config } = parseConfig(tdp, await at.read("tdp-config"));
  expect(config.kek).toMatchObject({ vaultUrl: "https://tdpvault.vault.azure.net/", maaUrl: "https://sharedneu.neu.attest.azure.net" });
  expect(config.kek?.name).toMatch(/^[0-9a-f]{8}-\{contractId\}$/);
  const kek = config.kek?.name ?? "";
  const inVault = (name: string, protocol: string, configuration: string): object => ({
    name,
    secret: {
      secretType: "Key",
      backingResource: { name, type: "AzureKeyVault", id: name, provider: { protocol, url: config.kek?.vaultUrl, configuration } },
    },
  });
  const identity = config.identities[1];
  expect(identity).toMatchObject({ name: "tdpmi-0f2c7d1e", clientId: "0f2c7d1e-client-of-tdpmi", tenantId: "tenant-of-tdpmi" });
  expect(config.datasources[0]).toEqual({
    name: "cowin",
    type: "Volume_ReadOnly",
    path: "",
    store: {
      name: "cowin",
      type: "Azure_BlobStorage",
      id: "cowin",
      provider: { protocol: "Azure_BlobStorage", url: "https://tdpsa.blob.core.windows.net/", configuration: "" },
    },
    identity,
    protection: {
      proxyType: "SecureVolume__ReadOnly__Azure__BlobStorage",
      proxyMode: "Secure",
      configuration: '{"KeyType":"KEK","EncryptionMode":"CSE"}',
      encryptionSecrets: {
        dek: inVault(`wrapped-cowin-dek-${kek}`, "AzureKeyVault_Secret", ""),
        kek: inVault(kek, "AzureKeyVault_SecureKey", '{"authority":"https://sharedneu.neu.attest.azure.net"}'),
      },
      encryptionSecretAccessIdentity: identity,
    },
  });
  expect([...at.cloud.containers]).toEqual(
    ["cowin", "icmr", "index", "application-telemetry", "infrastructure-telemetry"].map(
      (name) => `https://tdpsa.blob.core.windows.net/${name}`,
    ),
  );
});

test("keys of the data stay beside the configuration, 32 random bytes each, readable by their owner alone", async () => {
  const at = await desk();
  await publisher(at);
  const files = await readdir(at.at("tdp-config.keys"));
  expect(files.sort()).toEqual(["application-telemetry.bin", "cowin.bin", "icmr.bin", "index.bin", "infrastructure-telemetry.bin"]);
  for (const file of files) {
    const { size, mode } = await stat(at.at(`tdp-config.keys/${file}`));
    expect({ size, mode: mode & 0o777 }).toEqual({ size: 32, mode: 0o600 });
  }
  expect(parse(await at.read("tdp-config.private"))).toEqual(
    [
      ...["datasource/cowin", "datasource/icmr", "datasource/index"],
      ...["datasink/application-telemetry", "datasink/infrastructure-telemetry"],
    ].map((name) => ({ name, keyFilePath: `tdp-config.keys/${name.split("/")[1] ?? ""}.bin` })),
  );
  const key = await at.read("tdp-config.keys/cowin.bin");
  expect(await at.read("tdp-config")).not.toContain(key);
});

test("the same commands again change nothing: not the configuration, not a key", async () => {
  const at = await desk();
  await publisher(at);
  const files = ["tdp-config", "tdp-config.private", "tdp-config.keys/cowin.bin"];
  const before = await Promise.all(files.map(at.read));
  await publisher(at);
  expect(await Promise.all(files.map(at.read))).toEqual(before);
});

test("another vault, named later, is that of the data added before as well", async () => {
  const at = await desk();
  const config = await publisher(at);
  const { maa } = resourcesOf("tdp");
  await at.do("config", "set-kek", "--kek-key-vault", "https://other.vault.azure.net/", "--maa-url", maa, "--cleanroom-config", config);
  const text = await at.read("tdp-config");
  const urls = [...text.matchAll(/protocol: AzureKeyVault_SecureKey\n\s+url: (.*)/g)].map(([, url]) => url);
  expect(urls).toHaveLength(5 + 4);
  expect(new Set(urls)).toEqual(new Set(["https://other.vault.azure.net/"]));
});
