import { chmod, mkdir, readdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { contractId, filesBelow, plaintext, world, type World } from "./world.js";

const COPY = 'cp "$SOURCE" "${CLEANROOM_ROOT:-}/mnt/output/copy.txt"; echo copied; echo carefully >&2\n';

let at: World;
let isolated = false;
const ends: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  at = await world((end) => ends.unshift(end));
}, 180_000);
afterAll(async () => {
  for (const end of ends) await end();
}, 60_000);

/** Of all processes. */
async function commandLines(): Promise<string> {
  const processes = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const lines = processes.map((id) => readFile(`/proc/${id}/cmdline`, "utf8").catch(() => ""));
  // The launcher has the whole line as well.
  return (await Promise.all(lines)).filter((line) => line.startsWith("sleep")).join("\n");
}

type Result = { readonly exitCode: number; readonly isolation: string; readonly logs: string; readonly telemetry: string };

async function messages(): Promise<unknown[]> {
  const shown = await at.as("tdp", "governance", "contract", "event", "list", "--contract-id", contractId, "--all");
  return (JSON.parse(shown) as { value: { data: { source: string; message: string } }[] }).value.map(({ data }) => data);
}

test("what the members have not agreed to does not leave: a clean room without consent to logging and telemetry stores its results alone", async () => {
  const { status, out, notes } = await at.clean("quiet", COPY);
  expect(notes).toMatch(/The members have not agreed to logging: no logs leave[^]*not agreed to telemetry: no telemetry leaves/);
  expect(status).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    name: "quiet",
    contractId,
    exitCode: 0,
    datasinks: [{ name: "output", files: 1, unchanged: 0, bytes: plaintext.length }],
    logs: "refused",
    telemetry: "refused",
  });
  expect(await at.stored("application-telemetry")).toEqual([]);
  expect(await at.stored("infrastructure-telemetry")).toEqual([]);
});

test("a clean room runs: results, logs and telemetry are stored encrypted, and their owner reads them", async () => {
  await at.switchTo("logging", "enable");
  await at.switchTo("telemetry", "enable");
  await at.emptied("output");
  const before = (await messages()).length;
  const { status, out } = await at.clean("whole", COPY, "--governance-client", "tdp");
  expect(status).toBe(0);
  const result = JSON.parse(out) as Result;
  isolated = result.isolation === "namespaces";
  expect(result).toMatchObject({ exitCode: 0, logs: "stored", telemetry: "stored" });
  expect((await messages()).slice(before)).toEqual([
    { source: "code-launcher", message: "starting execution of copy container" },
    { source: "code-launcher", message: "copy container terminated with exit code 0" },
  ]);
  for (const container of ["input", "output", "application-telemetry", "infrastructure-telemetry"]) {
    const blobs = await at.stored(container);
    expect(blobs).toHaveLength(1);
    expect(blobs.filter(({ content }) => content.includes(plaintext) || content.includes("copied"))).toEqual([]);
  }
  const config = ["--cleanroom-config", join(at.folder, "config")];
  const target = join(at.folder, "got");
  await at.succeed("datasink", "download", "--name", "output", "--target-folder", target, ...config);
  await at.succeed("logs", "download", "--target-folder", target, ...config);
  await at.succeed("telemetry", "download", "--target-folder", target, ...config);
  expect(await readFile(join(target, "output", "copy.txt"), "utf8")).toBe(plaintext);
  const log = await readFile(join(target, "application-telemetry", "copy.log"), "utf8");
  expect(log).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z stdout F copied$/m);
  expect(log).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z stderr F carefully$/m);
  const telemetry = (await readFile(join(target, "infrastructure-telemetry", "cleanroom-runner.jsonl"), "utf8")).trim().split("\n");
  type Line = { resourceSpans: [{ scopeSpans: [{ spans: [{ name: string; status: object }] }] }] };
  const steps = telemetry.map((line) => (JSON.parse(line) as Line).resourceSpans[0].scopeSpans[0].spans[0]);
  expect(new Set(steps.map(({ name }) => name))).toEqual(
    new Set(["consent for execution", "open", "fetch", "run", "consent for the results", "store"]),
  );

  // Nothing decrypted and no key stays on this machine, and the end can be asked for again.
  const left = await filesBelow(join(at.home, "rooms"));
  const dek = await readFile(join(at.folder, "config.keys", "output.bin"));
  for (const content of left.values()) {
    expect([plaintext, "copied", dek.toString("base64")].filter((text) => content.includes(text))).toEqual([]);
  }
  expect((await stat(join(at.home, "rooms", "whole"))).mode & 0o777).toBe(0o700);
  expect(JSON.parse(await at.succeed("deployment", "wait", "--name", "whole"))).toEqual(result);
});

test("the command ends as the application does, whose results are stored even so", async () => {
  await at.emptied("output");
  const { status, out } = await at.clean("failing", `${COPY} exit 7\n`);
  expect(status).toBe(7);
  expect(JSON.parse(out)).toMatchObject({ exitCode: 7, datasinks: [{ name: "output", files: 1 }] });
  expect((await messages()).at(-1)).toMatchObject({ message: "copy container terminated with exit code 7" });
  expect((await at.run("deployment", "wait", "--name", "failing")).status).toBe(7);
});

test("a clean room whose execution a member has disabled does not begin, and says who", async () => {
  await at.execution("disable");
  try {
    const before = await messages();
    const { status, out, notes } = await at.clean("disabled", COPY);
    expect({ status, out }).toEqual({ status: 1, out: "" });
    expect(notes).toMatch(/error: NotConsented: contract "collab1-copy" may not run: ContractDisabled: .* member\(s\): m\[[0-9a-f]{64}\]$/);
    expect(await messages()).toEqual(before);
    const waited = await at.run("deployment", "wait", "--name", "disabled");
    expect(waited).toMatchObject({ status: 1, notes: expect.stringMatching(/^error: NotConsented/) as string });
  } finally {
    await at.execution("enable");
  }
});

test("when a member disables the execution while the application runs, nothing of it is stored", async () => {
  await at.emptied("output");
  await at.emptied("application-telemetry");
  const input = join(at.home, "rooms", "halted", "data.1", "volumes", "input");
  const before = (await messages()).length;
  const waiting = at.clean("halted", `until [ -e "\${CLEANROOM_ROOT:-}/mnt/input/go" ]; do sleep 0.05; done; ${COPY}`);
  while ((await messages()).length === before) await sleep(50);
  const again = await at.clean("halted", COPY);
  expect(again.notes).toContain('clean room "halted" runs already: cleanroom deployment wait --name halted follows it');
  await at.execution("disable");
  try {
    await chmod(input, 0o700); // the owner of the machine may, the application may not
    await writeFile(join(input, "go"), "");
    const { status, out, notes } = await waiting;
    expect({ status, out }).toEqual({ status: 1, out: "" });
    expect(notes).toMatch(/error: NotConsented: .*ContractDisabled/);
    expect((await messages()).at(-1)).toMatchObject({ message: "copy container terminated with exit code 0" });
    expect(await at.stored("output")).toEqual([]);
    expect(await at.stored("application-telemetry")).toEqual([]);
    expect([...(await filesBelow(join(at.home, "rooms", "halted"))).keys()].filter((file) => file.includes("/data."))).toEqual([]);
  } finally {
    await at.execution("enable");
  }
});

test("a link in a datasink is refused: it could lead to what the application does not see", async () => {
  await at.emptied("output");
  const { status, notes } = await at.clean("linking", `ln -s /etc/passwd "\${CLEANROOM_ROOT:-}/mnt/output/stolen"; ${COPY}`);
  expect(status).toBe(1);
  expect(notes).toMatch(/error: OutputRefused: "stolen" in datasink "output" is a link: nothing of it was stored$/);
  expect(await at.stored("output")).toEqual([]);
});

test.each([
  ["esc\\033[31mred", '"esc\\u001b[31mred" in datasink "output" has a control character in its name'],
  ["deep/back\\\\slash", '"deep/back\\\\slash" in datasink "output" has a backslash in its name'],
  [".cleanroom-manifest.json", '".cleanroom-manifest.json" in datasink "output" has a name that is kept for what encrypts files'],
])("a file in a datasink that cannot be stored under its name is refused: %s", async (name, reason) => {
  await at.emptied("output");
  const write = `mkdir "\${CLEANROOM_ROOT:-}/mnt/output/deep"; touch "$(printf '%b' "\${CLEANROOM_ROOT:-}/mnt/output/${name}")"; ${COPY}`;
  const { status, notes } = await at.clean("misnaming", write);
  expect({ status, said: notes.split("\n").at(-1) }).toEqual({
    status: 1,
    said: `error: OutputRefused: ${reason}: nothing of it was stored`,
  });
  expect(await at.stored("output")).toEqual([]);
});

test("a template that is changed after the agreement is refused, with the policy of the agreement and with one of its own", async () => {
  type Template = {
    resources: [
      {
        properties: {
          containers: { name: string; properties: { command?: string[] } }[];
          confidentialComputeProperties: { ccePolicy: string };
        };
      },
    ];
  };
  const read = async (): Promise<Template> => JSON.parse(await readFile(at.template, "utf8")) as Template;
  const file = join(at.folder, "changed.json");
  const attempt = async (template: Template, ...more: readonly string[]): Promise<string> => {
    await writeFile(file, JSON.stringify(template));
    const run = await at.run("deployment", "run", "--name", "changed", "--template-file", file, "--images", await at.images(COPY), ...more);
    expect(run).toMatchObject({ status: 1, out: "" });
    return run.notes;
  };
  const changed = JSON.parse((await readFile(at.template, "utf8")).replaceAll("/mnt/remote/input", "/mnt/remote/elsewhere")) as Template;
  expect(await attempt(changed)).toMatch(
    /^error: TemplateRefused: the template is not what its policy allows: container input-\S+: command\[\d+\] is /,
  );

  const { confidentialComputeProperties: policy } = changed.resources[0].properties;
  policy.ccePolicy = Buffer.from(
    Buffer.from(policy.ccePolicy, "base64").toString("utf8").replaceAll("/mnt/remote/input", "/mnt/remote/elsewhere"),
  ).toString("base64");
  expect(await attempt(changed)).toMatch(/^error: the template is not what was agreed on/);
  expect(await attempt(changed, "--governance-client", "tdp")).toMatch(/^error: the template is not what was agreed on/);
  // What no policy measures is compared as well.
  const larger = JSON.parse((await readFile(at.template, "utf8")).replace('"cpu": 0.5', '"cpu": 3')) as Template;
  expect(larger).not.toEqual(await read());
  expect(await attempt(larger)).toMatch(/^error: the template is not what was agreed on[^]*cpu is 3 here, 0\.5 agreed on$/);
  const named = JSON.parse(await readFile(at.template, "utf8")) as Template;
  for (const { properties } of named.resources[0].properties.containers) {
    const { command = [] } = properties;
    const word = command.indexOf("--application-base-64") + 1;
    if (word === 0) continue;
    const told = Buffer.from(command[word] ?? "", "base64").toString("utf8");
    command[word] = Buffer.from(told.replaceAll("/mnt/input/data.txt", "/mnt/input/other.txt")).toString("base64");
  }
  expect(await attempt(named)).toMatch(
    /environmentVariables\.SOURCE is "\/mnt\/input\/other\.txt" in the template, "\/mnt\/input\/data\.txt" in the policy$/,
  );

  // Where nobody can compare, governance does not let it in, and what differs in nothing measured runs with a warning.
  const clients = join(at.home, "clients");
  await rename(clients, `${clients}.away`);
  onTestFinished(() => rename(`${clients}.away`, clients));
  expect(await attempt(changed)).toMatch(
    /warning: the template was not compared[^]*error: NotAdmitted: the policy of this template \(host data [0-9a-f]{64}\) is not the one that the members agreed on for contract "collab1-copy"/,
  );

  const confidential = await read();
  confidential.resources[0].properties.confidentialComputeProperties.ccePolicy = Buffer.from("package policy\n").toString("base64");
  expect(await attempt(confidential)).toMatch(/^error: TemplateRefused: .* was made for confidential hardware/);
});

test("evidence of a guest that people can look into is not believed", async () => {
  const { status, notes } = await at.clean("debugged", COPY, "--debuggable");
  expect(status).toBe(1);
  expect(notes).toMatch(/error: NotAdmitted: .*VerifySnpAttestationFailed: .*debugging/);
});

test("a clean room that runs on is waited for, and a signal ends it", async () => {
  await at.emptied("output");
  const ready = JSON.parse((await at.clean("apart", `sleep 1; ${COPY}`, "--detach")).out) as { readonly pid: number; readonly log: string };
  const waited = await at.run("deployment", "wait", "--name", "apart");
  expect(waited.status).toBe(0);
  expect(waited.notes).toContain("apart: running");
  expect(JSON.parse(waited.out)).toMatchObject({ name: "apart", exitCode: 0 });
  expect(await readFile(ready.log, "utf8")).toContain("apart: storing the results");

  await at.emptied("output");
  const next = JSON.parse((await at.clean("stopped", `${COPY} sleep 60\n`, "--detach")).out) as { readonly pid: number };
  const ended = at.run("deployment", "wait", "--name", "stopped");
  await sleep(1500);
  process.kill(next.pid, "SIGTERM");
  const { status, notes } = await ended;
  expect(status).toBe(143);
  expect(notes).toMatch(/error: Interrupted: the clean room was told to end: nothing more leaves it$/);
  expect(await at.stored("output")).toEqual([]);
  expect([...(await filesBelow(join(at.home, "rooms", "stopped"))).keys()].filter((file) => file.includes("/data."))).toEqual([]);
});

test("a clean room that was killed is told to be gone, and the next of its name clears up after it", async () => {
  const mark = `6${Date.now()}`; // seconds: an argument that no other process has
  const { pid } = JSON.parse((await at.clean("killed", `sleep ${mark}\n`, "--detach")).out) as { readonly pid: number };
  const before = at.run("deployment", "wait", "--name", "killed");
  while (!(await commandLines()).includes(mark)) await sleep(50);
  const room = join(at.home, "rooms", "killed");
  while (!(await readFile(join(room, "status.json"), "utf8")).includes('"phase": "running"')) await sleep(20); // it is written beside
  process.kill(pid, "SIGKILL");
  expect((await before).notes).toMatch(
    /error: clean room "killed" is gone without an end \(process \d+, running\): \S+room\.log has what it told\. Its decrypted data were still there and have been removed$/,
  );
  expect(await readdir(room)).toEqual(["room.log", "run.1", "status.json"]);
  await expect(stat(await readFile(join(room, "run.1"), "utf8"))).rejects.toThrow("ENOENT"); // the socket
  if (isolated) await expect.poll(commandLines, { timeout: 5000 }).not.toContain(mark);
  const data = join(room, "data.1", "volumes", "input");
  await mkdir(data, { recursive: true });
  await writeFile(join(data, "left"), plaintext, { mode: 0o400 });
  await chmod(data, 0o500);
  const other = await at.clean("another", COPY);
  expect({ status: other.status, notes: other.notes }).toMatchObject({
    status: 0,
    notes: expect.stringContaining('Clean room "killed" was killed: the decrypted data that it had left are removed') as string,
  });
  expect(await readdir(room)).toEqual(["room.log", "run.1", "status.json"]);
  const next = await at.clean("killed", COPY);
  expect({ status: next.status, left: await readdir(room) }).toEqual({ status: 0, left: ["room.log", "run.2", "status.json"] });
});

/** Runs a clean room in a process of its own. */
async function apart(name: string, script: string) {
  const words = ["deployment", "run", "--name", name, "--template-file", at.template, "--images", await at.images(script)];
  const program = resolve(import.meta.dirname, "../../../bin/cleanroom.mjs");
  return spawn(process.execPath, [program, ...words], { env: { PATH: process.env.PATH, CLEANROOM_HOME: at.home } });
}

test("a clean room that is told to end while it opens the data ends as one that runs does", async () => {
  const child = await apart("early", COPY);
  let notes = "";
  let told = false;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    notes += text;
    if (!told && notes.includes("opening the data")) told = child.kill("SIGINT");
  });
  const [status] = (await once(child, "close")) as [number];
  expect(notes).toMatch(/error: Interrupted: the clean room was told to end: nothing more leaves it$/m);
  expect({ status, left: await readdir(join(at.home, "rooms", "early")) }).toEqual({
    status: 130,
    left: ["room.log", "run.1", "status.json"],
  });
  expect((await at.run("deployment", "wait", "--name", "early")).status).toBe(130);
});

test("who looks on may go away: the clean room goes on to its end", async () => {
  await at.emptied("output");
  const child = await apart("unseen", `sleep 0.5; ${COPY}`);
  await once(child.stderr, "data");
  child.stderr.destroy();
  const [status] = (await once(child, "exit")) as [number];
  expect(status).toBe(0);
  expect(await at.stored("output")).toHaveLength(1);
  expect(await readdir(join(at.home, "rooms", "unseen"))).toEqual(["room.log", "run.1", "status.json"]);
});

test("a service that does not answer is named, with how to start it", async () => {
  const port = await at.succeed("sandbox", "status", "--query", "[0].port", "-o", "tsv");
  const known = join(at.home, "sandboxes", `${port}.json`);
  await rename(known, `${known}.away`);
  try {
    const { status, notes } = await at.clean("nosandbox", COPY);
    expect(status).toBe(1);
    expect(notes).toMatch(
      /error: no sandbox with a virtual TEE .* runs at https:\/\/127.0.0.1:\d+, .*Start it again \(cleanroom sandbox start /,
    );
  } finally {
    await rename(`${known}.away`, known);
  }
  const cloud = join(at.home, "azure", "azure.json");
  const there = await readFile(cloud, "utf8");
  await writeFile(cloud, there.replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:9"));
  try {
    const { status, notes } = await at.clean("nocloud", COPY);
    expect(status).toBe(1);
    expect(notes).toMatch(/error: the local cloud does not answer \(.*\)\. Start it: cleanroom sandbox azure start$/);
  } finally {
    await writeFile(cloud, there);
  }
});

test("names, images and clean rooms that are not there are told in a line", async () => {
  const start = (name: string) => at.run("deployment", "run", "--name", name, "--template-file", at.template);
  expect((await start("../x")).notes).toContain('error: "../x" cannot be the name of a clean room');
  expect((await start("imageless")).notes).toContain(
    "error: UnknownImage: no folder of this machine stands for the image copies.example/copy@",
  );
  const { status, notes } = await at.run("deployment", "wait", "--name", "nobody");
  expect({ status, notes }).toMatchObject({
    status: 1,
    notes: expect.stringMatching(/^error: there is no clean room "nobody"; there are: /) as string,
  });
});
