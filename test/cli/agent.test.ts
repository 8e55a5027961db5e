import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { openSession } from "../../client/session.js";
import { builtFile, installation } from "../../cli/installation.js";
import { newKeyPair } from "../../cleanroom/keys.js";
import { member } from "../client/authority.js";
import { POLICY, Workload } from "../cleanroom/world.js";
import { HOST_DATA, setCleanRoomPolicy } from "../support/cleanRoom.js";
import { deploy } from "../support/consortium.js";
import { agree, Party, setContract } from "../support/party.js";
import { sandboxShell, type SandboxShell } from "./sandbox.js";
import { shell } from "./run.js";

type Env = Readonly<Record<string, string>>;

/** `cleanroom agent start` as it is installed, in a process of its own. */
function start(
  options: readonly string[],
  env: Env,
): { readonly process: ChildProcess; readonly notes: () => string; readonly ended: Promise<number | null> } {
  let notes = "";
  const child = spawn(process.execPath, [join(installation(), "bin", "cleanroom.mjs"), "agent", "start", "--port", "0", ...options], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (notes += text));
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  onTestFinished(() => void child.kill("SIGKILL"));
  return { process: child, notes: () => notes, ended };
}

async function urlIn({ process, notes }: ReturnType<typeof start>): Promise<string> {
  for (;;) {
    if (process.exitCode !== null) throw new Error(notes());
    const url = /^The agent answers at (http:\S+); Ctrl-C stops it\.$/m.exec(notes())?.[1];
    if (url !== undefined) return url;
    await sleep(20);
  }
}

const sandboxed = ["--evidence", "sandbox", "--host-data", HOST_DATA];

type Governed = SandboxShell & { readonly url: string; readonly serviceCertificate: string };

/** A sandbox with a virtual TEE that runs the application, and an accepted contract `c7` for clean rooms of the tests. */
async function governed(): Promise<Governed> {
  const at = await sandboxShell();
  const identity = member("isv");
  await writeFile(join(at.members, "isv_cert.pem"), identity.certificate);
  const { port } = await at.start("--members", at.members, "--virtual-tee", "--constitution", builtFile("constitution.js"));
  const entry = await readFile(join(at.folder, "home", "sandboxes", `${port}.json`), "utf8");
  const { url, serviceCertificate } = JSON.parse(entry) as Governed;
  const session = openSession({ url, serviceCertificate, identity });
  onTestFinished(() => session.transport.close());
  const isv = new Party(session);
  await isv.activate();
  await deploy(isv);
  await agree([isv], setContract("c7"));
  await agree([isv], setCleanRoomPolicy("c7", POLICY));
  return { ...at, url, serviceCertificate };
}

const consent = (url: string) => new Workload(url).call("POST", "/consentcheck/execution");
const enabled = { status: 200, body: { status: "enabled" } };

describe("agent start", () => {
  test("needs no more than a sandbox and a contract, says when it is ready, and ends on SIGTERM", async () => {
    const { folder } = await governed();
    const agent = start([...sandboxed, "--contract-id", "c7"], { CLEANROOM_HOME: join(folder, "home") });
    expect(await consent(await urlIn(agent))).toMatchObject(enabled);
    agent.process.kill("SIGTERM");
    expect(await agent.ended).toBe(0);
    expect(agent.notes()).toMatch(/^\S+Z POST \/consentcheck\/execution: 200$/m);
  });

  test("takes what stock deployments put into the environment", async () => {
    const { run, folder, url, serviceCertificate } = await governed();
    const keys = await newKeyPair();
    const publicKey = Buffer.from(keys.publicKeyPem).toString("base64");
    const digest = Buffer.from(await crypto.subtle.digest("SHA-256", Buffer.from(publicKey))).toString("hex");
    const attested = JSON.parse((await run(["sandbox", "attest", "--host-data", HOST_DATA, "--report-data", digest])).out) as Env;
    const report = {
      attestation: attested.evidence,
      platformCertificates: attested.endorsements,
      uvmEndorsements: attested.uvm_endorsements,
    };
    const file = async (name: string, content: string): Promise<string> => {
      await writeFile(join(folder, name), content);
      return join(folder, name);
    };
    const env = {
      ccrgovEndpoint: url,
      ccrgovApiPathPrefix: "app/contracts/c7",
      attestationReport: await file("attestation-report.json", JSON.stringify(report)),
      ccrgovPrivKey: await file("priv_key.pem", keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString()),
      ccrgovPubKey: await file("pub_key.pem", keys.publicKeyPem),
    };
    for (const certificate of [
      { serviceCert: Buffer.from(serviceCertificate).toString("base64") },
      { serviceCertPath: await file("service_cert.pem", serviceCertificate) },
    ]) {
      const agent = start([], { ...env, ...certificate });
      expect(await consent(await urlIn(agent))).toMatchObject(enabled);
      agent.process.kill("SIGINT");
      expect(await agent.ended).toBe(0);
    }
  });

  test("--detach returns when the agent listens, and lets it run on", async () => {
    const { run } = await governed();
    const line = ["agent", "start", "--port", "0", ...sandboxed, "--api-path-prefix", "app/contracts/c7", "--detach"];
    const { status, out, notes } = await run(line);
    expect({ status, notes }).toEqual({ status: 0, notes: "" });
    const ready = JSON.parse(out) as { url: string; pid: number; log: string };
    expect(ready).toMatchObject({ evidence: "sandbox", pathPrefix: "app/contracts/c7" });
    try {
      expect(await consent(ready.url)).toMatchObject(enabled);
      // The line is written when the answer is on its way.
      await expect.poll(() => readFile(ready.log, "utf8"), { timeout: 30_000 }).toContain("POST /consentcheck/execution: 200");
    } finally {
      process.kill(ready.pid, "SIGTERM");
    }
    while (existsSync(ready.log)) await sleep(20);
    await expect(fetch(ready.url)).rejects.toThrow();
    const taken = await run([...line, "--service-cert", "absent.pem"]);
    expect(taken).toMatchObject({ status: 1, notes: expect.stringMatching(/^error: cannot read absent\.pem/) as unknown });
  });
});

test.each([
  ["no service", ["--evidence", "sidecar", "--contract-id", "c"], /which service\? Give --ccf-endpoint/],
  ["no host data", ["--evidence", "sandbox"], /--evidence sandbox needs --host-data HEX/],
  ["host data that are none", ["--evidence", "sandbox", "--host-data", "abc"], /--host-data is hexadecimal/],
  ["no recording", ["--evidence", "recorded"], /needs --attestation-report FILE, or attestationReport/],
  ["two contracts", ["--evidence", "sidecar", "--contract-id", "c", "--api-path-prefix", "app/contracts/d"], /not both/],
  ["an empty contract id", ["--evidence", "sidecar", "--contract-id", ""], /"" is no id of a contract/],
  ["a contract id with a slash", ["--evidence", "sidecar", "--contract-id", "a/b"], /"a\/b" is no id of a contract/],
  ["unknown evidence", ["--evidence", "trust-me"], /Allowed choices are/],
])("agent start with %s is a usage error", async (_, options, problem) => {
  const { run } = await shell();
  const { status, out, notes } = await run(["agent", "start", ...options]);
  expect({ status, out }).toEqual({ status: 2, out: "" });
  expect(notes).toMatch(problem);
});

test.each([["a recording that is damaged", { attestationReport: "{}" }, /error: InvalidKey: the private key is not/]])(
  "agent start with %s fails in one line",
  async (_, contents, problem) => {
    const { run, folder } = await shell();
    const files = ["attestationReport", "ccrgovPrivKey", "ccrgovPubKey"] as const;
    for (const name of files) await writeFile(join(folder, name), (contents as Env)[name] ?? "none");
    const options = ["--attestation-report", "--private-key", "--public-key"].flatMap((option, index) => [
      option,
      join(folder, files[index] ?? ""),
    ]);
    const { status, notes } = await run(["agent", "start", "--evidence", "recorded", ...options]);
    expect(status).toBe(1);
    expect(notes).toMatch(problem);
  },
);
