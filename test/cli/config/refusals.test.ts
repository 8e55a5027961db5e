import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { consumer, desk, resourcesOf } from "./parties.js";

const { vault, storage, identity } = resourcesOf("tdc");
const where = ["--storage-account", storage, "--identity", identity, "--dek-key-vault", vault];
const application = ["config", "add-application", "--name", "a", "--image", "r.example/a@sha256:00", "--cpu", "1", "--memory", "1"];

const wrong = [
  [
    "data that nothing says where it is",
    ["config", "add-datasource", "--name", "x", "--identity", "i"],
    2,
    /Give --storage-account ID or --datastore-name NAME/,
  ],
  ["data without a name", ["config", "add-datasource", ...where], 2, /Give --name/],
  [
    "a storage account without a vault",
    ["config", "add-datasource", "--name", "x", "--storage-account", "s", "--identity", "i"],
    2,
    /needs --dek-key-vault/,
  ],
  ["a name that is a path", ["config", "add-datasource", "--name", "../x", ...where], 2, /--name wants a name of letters/],
  [
    "a name that is no container's",
    ["config", "add-datasource", "--name", "Upper", ...where],
    2,
    /"Upper" cannot be the name of a container/,
  ],
  [
    "a name that no vault takes",
    ["config", "add-datasource", "--name", "a_b", ...where, "--container-name", "abc"],
    1,
    /a vault cannot hold "wrapped-a_b-dek-/,
  ],
  [
    "a datasource with the name of a datasink",
    ["config", "add-datasource", "--name", "output", ...where],
    1,
    /has a datasink "output" already/,
  ],
  [
    "an identity that is not there",
    ["config", "add-datasink", "--name", "more", "--storage-account", storage, "--dek-key-vault", vault, "--identity", "nobody"],
    1,
    /there is no identity "nobody"/,
  ],
  [
    "an unknown mode of encryption",
    ["config", "add-datasource", "--name", "x", ...where, "--encryption-mode", "ROT13"],
    2,
    /Allowed choices are CSE, CPK, SSE/,
  ],
  ["no processor", [...application.slice(0, -4), "--cpu", "none", "--memory", "1"], 2, /--cpu wants a number above zero, not "none"/],
  ["an open quote", [...application, "--command", "sh -c 'x"], 2, /stays open/],
  ["a mount without a path", [...application, "--mounts", "src=cowin"], 2, /--mounts wants src=NAME,dst=\/PATH, not "src=cowin"/],
  ["a mount at no absolute path", [...application, "--datasources", "cowin=data"], 2, /"data" is no absolute path/],
  ["a mount that leads elsewhere", [...application, "--datasources", "cowin=/data/../etc"], 2, /no absolute path/],
  ["two mounts at one place", [...application, "--datasources", "a=/d", "--datasinks", "b=/d"], 2, /two things cannot be mounted at \/d/],
  ["one mount twice", [...application, "--mounts", "src=a,dst=/d", "src=a,dst=/e"], 2, /--mounts has "a" twice/],
  ["an environment without values", [...application, "--env-vars", "A"], 2, /--env-vars wants NAME=VALUE, not "A"/],
  ["a port beyond the last", [...application, "--ports", "65536"], 2, /--ports wants a port from 1 to 65535/],
  [
    "an identity for the registry that is not there",
    [...application, "--acr-access-identity", "nobody"],
    1,
    /there is no identity "nobody"/,
  ],
  [
    "a host name among addresses",
    ["config", "network", "tcp", "enable", "--allowed-ips", "db.example:5432"],
    2,
    /--allowed-ips wants IP:PORT/,
  ],
  ["an unknown direction", ["config", "network", "http", "enable", "--direction", "up"], 2, /Allowed choices are inbound, outbound/],
] as const;

test("wrong input is one clear line, and leaves the configuration, its keys and the cloud as they were", async () => {
  const at = await desk();
  const config = await consumer(at);
  const state = async () => ({
    text: await readFile(config, "utf8"),
    files: (await readdir(at.folder, { recursive: true })).sort(),
    containers: [...at.cloud.containers],
  });
  const before = await state();
  for (const [what, call, status, message] of wrong) {
    const outcome = await at.run([...call, "--cleanroom-config", config]);
    expect({ what, status: outcome.status, out: outcome.out }).toEqual({ what, status, out: "" });
    expect(outcome.notes).toMatch(message);
    expect(outcome.notes.replace(/\nSee --help\.$/, "")).not.toContain("\n");
    expect(await state()).toEqual(before);
  }
});

test("a configuration that is not there is named", async () => {
  const at = await desk();
  const missing = at.at("missing");
  for (const call of [
    ["config", "validate"],
    ["config", "view"],
    ["config", "add-datasource", "--name", "x", ...where],
    ["config", "wrap-deks", "--contract-id", "c1"],
  ]) {
    const { status, out, notes } = await at.run([...call, "--cleanroom-config", missing]);
    expect({ status, out, notes }).toEqual({ status: 1, out: "", notes: `error: cannot read ${missing}: no such file or directory` });
  }
  const { notes } = await at.run(["config", "init", "--cleanroom-config", join(missing, "c")]);
  expect(notes).toBe(`error: cannot write ${join(missing, "c")}: there is no folder ${missing}`);
});

test("data cannot be added before the configuration says where its keys will be", async () => {
  const at = await desk();
  const config = at.at("c");
  await at.do("config", "init", "--cleanroom-config", config);
  const { status, notes } = await at.run(["config", "add-datasource", "--cleanroom-config", config, "--name", "cowin", ...where]);
  expect(status).toBe(1);
  expect(notes).toBe(`error: ${config} has no key encryption key yet: call config set-kek --cleanroom-config ${config} before`);
  expect(at.cloud.containers.size).toBe(0);
});

test.each([
  ["Local_File", /^error: Local_File needs --backingstore-path FOLDER/],
  ["Azure_KeyVault", /^error: Azure_KeyVault needs --backingstore-id ID/],
  ["Azure_KeyVault_Managed_HSM", /^error: Azure_KeyVault_Managed_HSM needs --backingstore-id ID/],
])("a secret store of type %s says what it needs", async (type, message) => {
  const at = await desk();
  const { status, notes } = await at.run(["secretstore", "add", "--name", "s", "--config", at.at("s"), "--backingstore-type", type]);
  expect(status).toBe(2);
  expect(notes).toMatch(message);
  await expect(readFile(at.at("s"))).rejects.toThrow("ENOENT");
});
