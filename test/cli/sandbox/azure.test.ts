import { constants, createHash, createPrivateKey, generateKeyPairSync, privateDecrypt } from "node:crypto";
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test, vi } from "vitest";
import { openCloud } from "../../../azure/cloud.js";
import { shell, type Outcome } from "../run.js";
import { sandboxShell, type SandboxShell } from "../sandbox.js";

type Resources = {
  readonly kek: { readonly kv: { readonly id: string } };
  readonly dek: { readonly kv: { readonly id: string } };
  readonly sa: { readonly id: string };
  readonly mi: { readonly id: string; readonly principalId: string };
  readonly maa_endpoint: string;
};

/** Starts a local cloud in this process, and returns when it is known to run. */
async function startCloud(at: SandboxShell): Promise<{ readonly ended: Promise<Outcome>; readonly stop: () => Promise<Outcome> }> {
  let over = false as boolean; // set when the command ends, which the compiler does not see
  const ended = at.run(["sandbox", "azure", "start"]).finally(() => (over = true));
  const stop = (): Promise<Outcome> => at.run(["sandbox", "azure", "stop"]);
  onTestFinished(async () => {
    if (!over) await stop();
    await ended;
  });
  for (;;) {
    if (over) throw new Error((await ended).notes);
    if ((await at.run(["sandbox", "azure", "status"])).status === 0) return { ended, stop };
    await sleep(100);
  }
}

async function succeed(at: SandboxShell, ...words: readonly string[]): Promise<string> {
  const { status, out, notes } = await at.run(words);
  if (status !== 0) throw new Error(`${words.join(" ")}: ${notes}`);
  return out;
}

test("without a local cloud the commands that need one say how to start it", async () => {
  const at = await sandboxShell();
  for (const words of [["stop"], ["status"], ["create-resources", "--resource-group", "g", "--kv-type", "akvpremium"]]) {
    const { status, notes } = await at.run(["sandbox", "azure", ...words]);
    expect({ status, notes }).toEqual({ status: 1, notes: "error: no local cloud runs: start one with cleanroom sandbox azure start" });
  }
});

test("without a local cloud, commands work with Azure itself, and say what is missing for that", async () => {
  const at = await shell();
  const config = join(at.folder, "config");
  const setKek = (vault: string) =>
    at.run(["config", "set-kek", "--kek-key-vault", vault, "--maa-url", "https://m.attest.azure.net", "--cleanroom-config", config]);
  await at.run(["config", "init", "--cleanroom-config", config]);
  const provider = "/subscriptions/s/resourceGroups/g/providers";
  expect(await setKek(`${provider}/Microsoft.KeyVault/vaults/tdpvault`)).toMatchObject({ status: 0 });
  expect(await readFile(config, "utf8")).toContain("https://tdpvault.vault.azure.net/");
  expect(await setKek("tdpvault")).toEqual({
    status: 1,
    out: "",
    notes: "error: InvalidResource: tdpvault is neither the resource id of a vault nor a URL",
  });
});

test("a local cloud that was killed starts again at its ports, and says when one of them is taken", { timeout: 120_000 }, async () => {
  const at = await sandboxShell();
  type Shown = { readonly pid: number; readonly blobs: string; readonly dir: string };
  const detached = async (): Promise<Shown> => JSON.parse(await succeed(at, "sandbox", "azure", "start", "--detach")) as Shown;
  const { pid, ...first } = await detached();
  process.kill(pid, "SIGKILL");
  const blobs = new URL(first.blobs);
  await vi.waitFor(
    async () => {
      expect(await listens(Number(blobs.port))).toBe(false);
    },
    { timeout: 5000, interval: 50 },
  );
  const { pid: next, ...second } = await detached();
  onTestFinished(() => at.run(["sandbox", "azure", "stop"]).then(() => undefined));
  expect(second).toEqual(first);
  expect(next).not.toBe(pid);

  await succeed(at, "sandbox", "azure", "stop");
  const other = createServer().listen(Number(blobs.port), "127.0.0.1");
  onTestFinished(() => void other.close());
  await once(other, "listening");
  const { status, notes } = await at.run(["sandbox", "azure", "start", "--detach"]);
  expect({ status, said: notes.split("\n").at(-1) }).toEqual({
    status: 1,
    said:
      `error: another process listens at 127.0.0.1:${blobs.port}, a port that the cloud in ${first.dir} keeps: ` +
      "end that process, or start another cloud with --dir",
  });
});

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

test("the keys of data go from a party into its vault, and from there to the attested clean room alone", { timeout: 120_000 }, async () => {
  const at = await sandboxShell();
  const { port } = await at.start("--members", at.members, "--virtual-tee");
  const { ended, stop } = await startCloud(at);
  const home = join(at.folder, "home");
  expect((await stat(join(home, "azure", "azure.json"))).mode & 0o777).toBe(0o600);
  const again = await at.run(["sandbox", "azure", "start"]);
  expect(again.notes).toMatch(/error: a local cloud runs already/);

  const create = ["sandbox", "azure", "create-resources", "--resource-group", "publisher-1", "--kv-type", "akvpremium"];
  const made = JSON.parse(await succeed(at, ...create)) as Resources;
  expect(JSON.parse(await succeed(at, ...create))).toEqual(made);
  expect(made.maa_endpoint).toBe((await succeed(at, "sandbox", "azure", "status", "--query", "attestation", "-o", "tsv")).trim());
  const hsm = JSON.parse(await succeed(at, ...create.slice(0, -1), "mhsm")) as Resources;
  expect([hsm.kek.kv.id, hsm.dek.kv.id]).toEqual([expect.stringContaining("/managedHSMs/"), made.dek.kv.id]);

  // The publisher's commands of the tutorial, sections 5 and 6.
  const config = join(at.folder, "tdp-config");
  await succeed(at, "config", "init", "--cleanroom-config", config);
  const kek = ["--kek-key-vault", made.kek.kv.id, "--maa-url", made.maa_endpoint];
  await succeed(at, "config", "set-kek", ...kek, "--cleanroom-config", config);
  const where = ["--storage-account", made.sa.id, "--identity", made.mi.id, "--dek-key-vault", made.dek.kv.id];
  await succeed(at, "config", "add-datasource", "--cleanroom-config", config, "--name", "cowin", ...where);
  await succeed(at, "config", "set-logging", "--cleanroom-config", config, ...where);

  const hostData = "73973b78d70cc68353426de188db5dfc57e5b766e399935fb73a61127ea26d20";
  const policy = Buffer.from(JSON.stringify({ "x-ms-sevsnpvm-hostdata": [hostData] })).toString("base64");
  const contract = ["--contract-id", "collab1-ml", "--cleanroom-config", config];
  await succeed(at, "config", "create-kek", ...contract, "--cleanroom-policy", policy);
  const wrapped = await at.run(["config", "wrap-deks", ...contract]);
  const [, secret = "", kekName = ""] = /wrapped: (wrapped-cowin-dek-([0-9a-f]{8}-collab1-ml))/.exec(wrapped.notes) ?? [];

  // What a clean room does, with evidence of the sandbox's virtual TEE.
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const runtimeData = Buffer.from(JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), key_ops: ["encrypt"] }] }));
  const reportData = createHash("sha256").update(runtimeData).digest("hex");
  const attest = ["sandbox", "attest", "--port", port, "--host-data", hostData, "--report-data", reportData];
  const bytes = JSON.parse(await succeed(at, ...attest)) as Record<"evidence" | "endorsements" | "uvm_endorsements", string>;
  const evidence = {
    report: Buffer.from(bytes.evidence, "base64"),
    endorsements: Buffer.from(bytes.endorsements, "base64"),
    uvmEndorsements: Buffer.from(bytes.uvm_endorsements, "base64"),
    runtimeData,
  };
  const cloud = await openCloud(home, {});
  const token = await cloud.attest(made.maa_endpoint, evidence);
  const vault = cloud.vault(cloud.vaultEndpointOf(made.kek.kv.id));
  await expect(vault.release(kekName, token, privateKey)).rejects.toMatchObject({ code: "Forbidden" });
  const state = JSON.parse(await readFile(join(home, "azure", "cloud.json"), "utf8")) as { person: { principalId: string } };
  await cloud.management().assignRole(made.kek.kv.id, state.person.principalId, "Key Vault Crypto Service Release User");
  const released = createPrivateKey({ key: await vault.release(kekName, token, privateKey), format: "jwk" });
  const dek = privateDecrypt(
    { key: released, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" },
    Buffer.from(await vault.getSecret(secret), "base64"),
  );
  expect(dek).toEqual(await readFile(join(`${config}.keys`, "cowin.bin")));

  expect(await stop()).toMatchObject({ status: 0 });
  expect(await ended).toMatchObject({ status: 0 });
  await expect(stat(join(home, "azure", "azure.json"))).rejects.toThrow(/ENOENT/);

  // Everything is there after a restart, under the same addresses.
  await startCloud(at);
  expect(JSON.parse(await succeed(at, ...create))).toEqual(made);
  expect(await (await openCloud(home, {})).vault(cloud.vaultEndpointOf(made.kek.kv.id)).getSecret(secret)).toBe(
    await vault.getSecret(secret),
  );
});
