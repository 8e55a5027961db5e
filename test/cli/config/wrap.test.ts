import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { propose, vote } from "../../../client/governance/proposal.js";
import { identityOf } from "../../../client/identity.js";
import { openSession } from "../../../client/session.js";
import { consortium, type Place } from "../consortium.js";
import { memoryCloud } from "./cloud.js";
import { desk, deskAt, publisher, resourcesOf, type Desk } from "./parties.js";

const hostData = "73973b78d70cc68353426de188db5dfc57e5b766e399935fb73a61127ea26d20";
const vault = "https://tdpvault.vault.azure.net/";

const policyFor = (...values: readonly string[]) => ({
  version: "1.0.0",
  anyOf: values.map((value) => ({
    authority: "https://sharedneu.neu.attest.azure.net",
    allOf: [
      { claim: "x-ms-attestation-type", equals: "sevsnpvm" },
      { claim: "x-ms-compliance-status", equals: "azure-compliant-uvm" },
      { claim: "x-ms-sevsnpvm-hostdata", equals: value },
    ],
  })),
});

/** Lets the three members agree on a contract and on the policy of its clean room. */
async function agreeOn(place: Place, contractId: string): Promise<void> {
  await place.as("isv", `governance contract create --id ${contractId} --data text`);
  const version = await place.as("isv", `governance contract show --id ${contractId} --query version -o tsv`);
  const id = await place.as("isv", `governance contract propose --id ${contractId} --version ${version} --query proposalId -o tsv`);
  for (const name of ["isv", "tdp", "tdc"]) {
    await place.as(name, `governance contract vote --id ${contractId} --proposal-id ${id} --action accept`);
  }
}

async function agreeOnPolicy(place: Place, contractId: string): Promise<void> {
  const sessions = await Promise.all(
    ["isv", "tdp", "tdc"].map(async (name) => {
      const [cert, key] = await Promise.all(["cert", "privk"].map((kind) => readFile(join(place.folder, `${name}_${kind}.pem`), "utf8")));
      return openSession({ url: place.url, serviceCertificate: place.serviceCertificate, identity: identityOf(cert ?? "", key ?? "") });
    }),
  );
  const claims = { "x-ms-sevsnpvm-is-debuggable": false, "x-ms-sevsnpvm-hostdata": hostData };
  const [isv] = sessions;
  if (!isv) throw new Error("nobody to propose");
  const { proposalId } = await propose(isv, [{ name: "set_clean_room_policy", args: { contractId, type: "add", claims } }]);
  for (const session of sessions) await vote(session, proposalId, "accept");
  await Promise.all(sessions.map(({ transport }) => transport.close()));
}

test("wrap-deks puts every key into the vault, wrapped by a key that the vault releases to the agreed clean room alone", async () => {
  const cloud = memoryCloud();
  const place = await consortium(cloud);
  const at = deskAt(place, cloud);
  const config = await publisher(at);
  const wrapDeks = [
    "config",
    "wrap-deks",
    "--contract-id",
    "collab1-ml",
    "--cleanroom-config",
    config,
    "--governance-client",
    "tdp-client",
  ];

  const early = await at.run(wrapDeks);
  expect(early.status).toBe(1);
  expect(early.notes).toMatch(/^error: contract "collab1-ml" has no accepted clean room policy with x-ms-sevsnpvm-hostdata: /);
  await agreeOn(place, "collab1-ml");
  expect((await at.run(wrapDeks)).status).toBe(1);
  expect([cloud.secrets.size, cloud.keys.size]).toEqual([0, 0]);

  await agreeOnPolicy(place, "collab1-ml");
  const { out, notes } = await at.do(...wrapDeks);
  const [[keyId, kek] = []] = cloud.keys;
  expect(keyId).toMatch(/^https:\/\/tdpvault\.vault\.azure\.net\/[0-9a-f]{8}-collab1-ml$/);
  expect(kek).toMatchObject({ operations: ["encrypt", "wrapKey"], releasePolicy: policyFor(hostData) });
  expect(kek?.key.e).toBe("AQAB");
  const name = keyId?.slice(vault.length) ?? "";
  const data = ["cowin", "icmr", "index", "application-telemetry", "infrastructure-telemetry"];
  expect([...cloud.secrets.keys()]).toEqual(data.map((one) => `${vault}wrapped-${one}-dek-${name}`));
  expect(out).toBe("");
  expect(notes.split("\n")).toHaveLength(data.length);
  for (const one of data) {
    const dek = cloud.unwrap(`${vault}wrapped-${one}-dek-${name}`, keyId ?? "");
    expect(dek).toEqual(await readFile(join(`${config}.keys`, `${one}.bin`)));
  }
  expect((await stat(join(`${config}.keys`, `${name}.pem`))).mode & 0o777).toBe(0o600);
  expect(JSON.parse(await readFile(join(`${config}.keys`, `${name}.skr.json`), "utf8"))).toEqual(policyFor(hostData));

  await at.do(...wrapDeks);
  expect(cloud.imported).toBe(1);

  const call = ["config", "wrap-secret", "--contract-id", "collab1-ml", "--cleanroom-config", config, "--governance-client", "tdp-client"];
  const secret = ["--name", "dbpassword", "--value", "geheim", "--secret-key-vault", resourcesOf("tdp").vault];
  const told = JSON.parse((await at.do(...call, ...secret)).out) as unknown;
  const maaEndpoint = "https://sharedneu.neu.attest.azure.net";
  expect(told).toEqual({ kid: "dbpassword", akvEndpoint: vault, kek: { kid: name, akvEndpoint: vault, maaEndpoint } });
  expect(cloud.unwrap(`${vault}dbpassword`, keyId ?? "").toString()).toBe("geheim");
  expect(cloud.imported).toBe(1);
});

const createKek = (config: string, policy: unknown, contractId = "c1"): string[] => {
  const text = typeof policy === "string" ? policy : Buffer.from(JSON.stringify(policy)).toString("base64");
  return ["config", "create-kek", "--cleanroom-config", config, "--contract-id", contractId, "--cleanroom-policy", text];
};

const wrap = (config: string, contractId = "c1"): string[] => [
  ...["config", "wrap-deks", "--cleanroom-config", config, "--contract-id", contractId],
];

test("a key made for a policy that is given serves to wrap without asking governance; each contract has its own", async () => {
  const at = await desk();
  const config = await publisher(at);
  const none = await at.run(wrap(config));
  expect(none.notes).toMatch(/^error: the vault has no key "[0-9a-f]{8}-c1": give --governance-client NAME to make it/);
  const shown = { proposalIds: [], policy: { "x-ms-sevsnpvm-hostdata": [hostData, "ab".repeat(32)] } };
  for (const contractId of ["c1", "c2"]) {
    await at.do(...createKek(config, shown, contractId));
    await at.do(...wrap(config, contractId));
  }
  expect([...at.cloud.keys.values()].map(({ releasePolicy }) => releasePolicy)).toEqual(
    ["c1", "c2"].map(() => policyFor(hostData, "ab".repeat(32))),
  );
  expect(new Set([...at.cloud.keys.values()].map(({ key }) => key.n)).size).toBe(2);
  expect(at.cloud.secrets.size).toBe(10);
});

test("a policy that changed goes into the vault with the same key", async () => {
  const at = await desk();
  const config = await publisher(at);
  await at.do(...createKek(config, { "x-ms-sevsnpvm-hostdata": [hostData] }));
  const before = [...at.cloud.keys.values()][0];
  await at.do(...createKek(config, { "x-ms-sevsnpvm-hostdata": ["ab".repeat(32)] }));
  const [after] = [...at.cloud.keys.values()];
  expect(after?.releasePolicy).toEqual(policyFor("ab".repeat(32)));
  expect(after?.key.n).toBe(before?.key.n);
  expect(at.cloud.imported).toBe(2);
});

async function lineOf(at: Desk, call: readonly string[]): Promise<string> {
  const { status, out, notes } = await at.run(call);
  expect({ status, out }).toEqual({ status: 1, out: "" });
  expect(at.cloud.secrets.size).toBe(0);
  return notes;
}

test("nothing is written where a key is missing, broken or open to others", async () => {
  const { chmod, rm, writeFile } = await import("node:fs/promises");
  const at = await desk();
  const config = await publisher(at);
  await at.do(...createKek(config, { "x-ms-sevsnpvm-hostdata": [hostData] }));
  const key = at.at("tdp-config.keys/index.bin");
  await chmod(key, 0o644);
  expect(await lineOf(at, wrap(config))).toBe(`error: ${key} can be read by others: chmod 600 ${key}`);
  await chmod(key, 0o600);
  await writeFile(key, "short");
  expect(await lineOf(at, wrap(config))).toBe(`error: ${key} is no data encryption key: it has 5 bytes instead of 32`);
  await rm(key);
  expect(await lineOf(at, wrap(config))).toMatch(/^error: there is no key of datasource "index": .*index\.bin is missing\. Only the party/);
});

test("a policy without host data, or that is none, is refused before a key is made", async () => {
  const at = await desk();
  const config = await publisher(at);
  expect(await lineOf(at, createKek(config, { policy: {} }))).toMatch(/^error: contract "c1" has no accepted clean room policy with /);
  expect(await lineOf(at, createKek(config, "@@"))).toMatch(/^error: /);
  expect(await lineOf(at, createKek(config, "e30"))).toMatch(/^error: /);
  expect(await lineOf(at, createKek(config, { policy: { "x-ms-sevsnpvm-hostdata": hostData } }))).toMatch(/lists of values/);
  expect(at.cloud.keys.size).toBe(0);
  expect((await readdir(at.at("tdp-config.keys"))).filter((name) => name.endsWith(".pem"))).toEqual([]);
});

test("a contract whose id no vault can take in a name is refused", async () => {
  const at = await desk();
  const config = await publisher(at);
  const call = createKek(config, { "x-ms-sevsnpvm-hostdata": [hostData] }, "a.b");
  expect(await lineOf(at, call)).toMatch(
    /^error: a vault cannot hold "wrapped-cowin-dek-[0-9a-f]{8}-a\.b": names have letters, digits and '-'/,
  );
});
