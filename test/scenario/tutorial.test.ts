import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { readTutorial } from "../../examples/tutorial.js";
import { demo, processesIn } from "./demo.js";
import { seedSteps } from "./seedSteps.js";

const tutorial = new URL("../../examples/ml-training/README.md", import.meta.url);
const onLinux = test.skipIf(process.platform !== "linux"); // what runs is found in /proc

test("the tutorial has every step of the public one, with its options, in its order", async () => {
  const commands = readTutorial(await readFile(tutorial, "utf8")).flatMap(({ steps }) => steps.flat());
  const words = (text: string): string[] => text.split(/[\s\\]+|(?<=\$)\(|\)$/).filter((word) => word !== "");
  const missing: string[] = [];
  let at = 0;
  for (const step of seedSteps) {
    const wanted = words(step);
    const found = commands.findIndex((command, index) => index >= at && isWithin(wanted, words(command)));
    if (found === -1) missing.push(step);
    else at = found + 1;
  }
  expect(missing).toEqual([]);
});

function isWithin(wanted: readonly string[], words: readonly string[]): boolean {
  let at = -1;
  return wanted.every((word) => (at = words.indexOf(word, at + 1)) !== -1);
}

onLinux(
  "slow: the tutorial, typed from top to bottom, ends with a good model, logs, an audit trail, and blobs that tell nothing",
  async () => {
    const { around, said, ended } = await demo(["--keep"]);
    expect(await ended, said()).toBe(0);
    const [folder = ""] = (await readdir(around)).filter((name) => name.startsWith("cleanroom-demo-")).map((name) => join(around, name));
    const scenario = join(folder, "scenarios", "ml-training");

    const output = join(scenario, "consumer-demo", "consumer-output", "output");
    const metrics = JSON.parse(await readFile(join(output, "metrics.json"), "utf8")) as { accuracy: number };
    expect(metrics.accuracy).toBeGreaterThanOrEqual(0.88);
    expect((await readFile(join(output, "model.onnx"))).length).toBeGreaterThan(1000);
    expect(said()).toContain(`accuracy            ${metrics.accuracy}`);

    const log = await readFile(join(scenario, "publisher-demo", "logs", "application-telemetry", "depa-training.log"), "utf8");
    expect(log).toContain("model.onnx");
    expect(await readdir(join(scenario, "publisher-demo", "telemetry", "infrastructure-telemetry"))).not.toEqual([]);

    const events = JSON.parse(await readFile(join(scenario, "demo-resources", "events.json"), "utf8")) as { value: unknown[] };
    expect(events.value.length).toBeGreaterThanOrEqual(2);
    const evidence = JSON.parse(await readFile(join(scenario, "demo-resources", "evidence.json"), "utf8")) as {
      contract: { finalVotes: { vote: boolean }[] };
    };
    expect(evidence.contract.finalVotes.map(({ vote }) => vote)).toEqual([true, true, true]);

    const secrets = await plaintexts(scenario);
    const running = await processesIn(around);
    const signal = (name: NodeJS.Signals): void => {
      for (const pid of running) process.kill(pid, name);
    };
    signal("SIGSTOP"); // what runs writes, and gives its files other names
    // the storage, but also what the room has left on this machine; and the ledger
    for (const kept of [".cleanroom", "governance"]) await expectNothingIn(join(folder, kept), secrets);
    signal("SIGCONT");

    const stops = said().split("And to stop and remove it:\n\n")[1] ?? "";
    const env = { ...process.env, CLEANROOM_HOME: join(folder, ".cleanroom"), PATH: `${join(folder, ".bin")}:${process.env.PATH ?? ""}` };
    await promisify(execFile)("bash", ["-e", "-c", stops], { env });
    await expectNothingLeft(around);
  },
  240_000,
);

/** Of each file that was encrypted by a party or in the room: how it begins, and something of its middle. */
async function plaintexts(scenario: string): Promise<Buffer[]> {
  const folders = [
    ...["cowin", "icmr", "index"].map((name) => join("publisher-demo", "publisher-input", name)),
    ...["model", "config"].map((name) => join("consumer-demo", "consumer-input", name)),
    join("consumer-demo", "consumer-output", "output"),
    join("publisher-demo", "logs", "application-telemetry"),
  ];
  const found: Buffer[] = [];
  for (const folder of folders) {
    for (const name of await readdir(join(scenario, folder))) {
      const content = await readFile(join(scenario, folder, name));
      const middle = Math.floor(content.length / 2);
      found.push(content.subarray(0, 40), content.subarray(middle, middle + 40));
    }
  }
  expect(found).toHaveLength(18);
  return found;
}

async function expectNothingIn(folder: string, plaintexts: readonly Buffer[]): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const content = await readFile(join(entry.parentPath, entry.name));
    for (const plaintext of plaintexts) expect(content.includes(plaintext), `${entry.name}: ${plaintext.toString()}`).toBe(false);
  }
}

/** What was told to stop may still be on its way out. */
async function expectNothingLeft(around: string): Promise<void> {
  await expect.poll(() => processesIn(around), { timeout: 30_000 }).toEqual([]);
  expect((await readdir(around)).filter((name) => name.startsWith("cleanroom-"))).toEqual([]);
}

const SMALL = [
  ...["# A tutorial", "## Start", "```bash", "mkdir members"],
  ...["cleanroom governance member keygenerator-sh | bash -s -- --name isv --out members", "cleanroom sandbox azure start --detach"],
  ...["cleanroom sandbox start --members members --port 0 --detach", "```", "## Wait", "```bash", "LAST", "```", "## End", "```bash"],
  ...["true", "```", ""],
].join("\n");

async function small(last: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cleanroom-small-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "README.md");
  await writeFile(file, SMALL.replace("LAST", last));
  return file;
}

for (const [signal, status] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)
  // prettier-ignore
  onLinux(`the demo leaves nothing behind when it is interrupted by ${signal}`, async () => {
    const { around, says, signal: send, ended, said } = await demo([await small("sleep 600")]);
    await says("$ sleep 600");
    expect((await processesIn(around)).length).toBeGreaterThanOrEqual(5);
    send(signal);
    expect(await ended, said()).toBe(status);
    await expectNothingLeft(around);
  });

onLinux("the demo names the command that failed, and leaves nothing behind", async () => {
  const { around, ended, said } = await demo([await small("(exit 3)")]);
  expect(await ended, said()).toBe(1);
  expect(said()).toContain("This command failed with status 3:\n\n(exit 3)\n");
  await expectNothingLeft(around);
});
