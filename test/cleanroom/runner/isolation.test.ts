import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Readable } from "node:stream";
import { expect, onTestFinished, test } from "vitest";
import { isolated, probeIsolation, type Launch } from "../../../cleanroom/runner/isolation.js";
import { logFile } from "../../../cleanroom/runner/logFile.js";
import { openly } from "../../../cleanroom/runner/openly.js";
import { makeReadOnly, makeWritable } from "../../../cleanroom/runner/volumes.js";
import { runProcess } from "../../../cleanroom/runner/process.js";

const probe = await mkdtemp(join(tmpdir(), "probe-"));
const isolation = await probeIsolation(probe);
await rm(probe, { recursive: true });
const shut = isolation.kind === "namespaces";
if (!shut) console.warn(`isolation is not tested: ${isolation.reason}`);

type Ran = { readonly exitCode: number; readonly said: string; readonly output: string; readonly log: string };

/** Runs a script as an application with a datasource at /mnt/in and a datasink at /mnt/out. */
async function run(script: string, { how = "isolated", environment = {}, signal, log: file }: Options = {}): Promise<Ran> {
  const folder = await mkdtemp(join(tmpdir(), "isolation-"));
  const [image, input, output, root] = ["image", "in", "out", "root"].map((name) => join(folder, name)) as [string, string, string, string];
  for (const each of [image, input, output, root]) await mkdir(each);
  onTestFinished(async () => {
    await makeWritable(folder);
    await rm(folder, { recursive: true, force: true });
  });
  await writeFile(join(image, "run.sh"), script);
  await writeFile(join(input, "data"), "given");
  await makeReadOnly(input);
  const launch: Launch = {
    command: ["/bin/sh", "run.sh", "/mnt/in/data"],
    environment,
    image,
    mounts: [
      { volume: "in", path: "/mnt/in", readOnly: true, folder: input },
      { volume: "out", path: "/mnt/out", readOnly: false, folder: output },
    ],
  };
  const path = file ?? join(folder, "log");
  const log = logFile(path);
  const process = how === "isolated" ? isolated(launch, root) : await openly(launch, root);
  const exitCode = await runProcess(process, log, signal ?? new AbortController().signal).finally(log.close);
  const written = await readFile(path, "utf8");
  const said = written.replaceAll(/^\S+ std(out|err) [FP] /gm, "");
  const made = (await readdir(output)).includes("made") ? await readFile(join(output, "made"), "utf8") : "";
  return { exitCode, said, output: made, log: written };
}

type Options = {
  readonly how?: "isolated" | "openly";
  readonly environment?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Where its log is written. */
  readonly log?: string;
};

test.skipIf(!shut)("an application reads its datasource, writes its datasink, and its exit code is told", async () => {
  const { exitCode, output } = await run('cat "$1" > /mnt/out/made; exit 3');
  expect({ exitCode, output }).toEqual({ exitCode: 3, output: "given" });
});

test.skipIf(!shut)("an application sees the variables of the contract, PATH and HOME, and nothing else", async () => {
  const { said } = await run("env", { environment: { model: "/mnt/in/data", LD_PRELOAD: "" } });
  const names = said.trim().split("\n").map((line) => line.split("=")[0]); // prettier-ignore
  // What shells set themselves does not come from this machine.
  expect(names.filter((name) => !["PWD", "OLDPWD", "SHLVL", "_"].includes(name ?? "")).sort()).toEqual([
    "HOME",
    "LD_PRELOAD",
    "PATH",
    "model",
  ]);
});

test.skipIf(!shut)("an application cannot write to a datasource, to its image, or to the system", async () => {
  const { said } = await run(
    'for place in /mnt/in/data /mnt/in/new /app/new /usr/new /proc/sys/kernel/hostname; do (echo x > "$place") && echo "wrote $place"; done; cat /mnt/in/data',
  );
  expect(said).not.toContain("wrote");
  expect(said.split("\n")).toContain("given"); // in any place: the two streams are read side by side
});

test.skipIf(!shut)("an application does not reach the network of this machine, not even its loopback", async () => {
  let reached = 0;
  const server = createServer((socket) => {
    reached++;
    socket.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { said } = await run(
    `node -e 'require("net").connect(${port}, "127.0.0.1").on("connect", () => console.log("reached")).on("error", (e) => console.log(e.code))'`,
  );
  expect(said).toMatch(/^(ENETUNREACH|ECONNREFUSED)$/m);
  expect(reached).toBe(0);
});

test.skipIf(!shut)("an application sees neither the files nor the processes of this machine", async () => {
  const secret = await mkdtemp(join(homedir(), ".isolation-"));
  onTestFinished(() => rm(secret, { recursive: true, force: true }));
  await writeFile(join(secret, "key"), "private");
  const { said } = await run(
    `ls / > /mnt/out/made; ls -d ${homedir()} ${tmpdir()}/isolation-* /etc/shadow /etc/ssh /home /root /var /sys; cat ${secret}/key; ls -d /proc/${process.pid}; ls /tmp; echo end`,
  );
  expect(said).not.toMatch(/^private/m);
  expect(said.split("\n").filter((line) => line !== "" && !line.includes("No such file"))).toEqual(["end"]);
});

test.skipIf(!shut)("an application has no rights, and cannot give itself any", async () => {
  const { said } = await run(
    "grep -E 'Cap(Eff|Prm|Bnd)|NoNewPrivs' /proc/self/status; mount -o remount,rw,bind /usr && echo remounted; umount /mnt/in && echo unmounted; true",
  );
  expect(said).toMatch(/CapEff:\s0{16}/);
  expect(said).toMatch(/CapBnd:\s0{16}/);
  expect(said).toMatch(/NoNewPrivs:\s1/);
  expect(said).not.toMatch(/^(remounted|unmounted)$/m);
});

test.each(["isolated", "openly"] as const)("what an application writes is taken while it runs, however much it is (%s)", async (how) => {
  if (how === "isolated" && !shut) return;
  const out = how === "isolated" ? "/mnt/out/made" : '"$CLEANROOM_ROOT/mnt/out/made"';
  const { exitCode, said, output } = await run(
    `i=0; while [ $i -lt 300 ]; do printf '%01024d\\n' $i; i=$((i + 1)); done; echo all > ${out}`,
    { how },
  );
  expect({ exitCode, output, lines: said.trim().split("\n").length }).toEqual({ exitCode: 0, output: "all\n", lines: 300 });
});

test.each(["isolated", "openly"] as const)("an application gets no descriptor of whoever started the runner (%s)", async (how) => {
  if (how === "isolated" && !shut) return;
  const folder = await mkdtemp(join(tmpdir(), "isolation-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [image, place] = [join(folder, "image"), join(folder, "root")];
  await Promise.all([mkdir(image), mkdir(place)]);
  const seen =
    'for d in 5 77; do ls /proc/self/fd/$d/ && echo "saw $d"; readlink /proc/self/fd/$d; done; ls /proc/self/fd | sort -n | tr "\\n" ,';
  const of = (module: string): string => JSON.stringify(resolve(import.meta.dirname, "../../../cleanroom/runner", module));
  const script = `
    import { isolated } from ${of("isolation.ts")};
    import { openly } from ${of("openly.ts")};
    import { logFile } from ${of("logFile.ts")};
    import { runProcess } from ${of("process.ts")};
    const launch = { command: ["/bin/sh", "-c", ${JSON.stringify(seen)}], environment: {}, image: ${JSON.stringify(image)}, mounts: [] };
    const started = ${how === "isolated" ? "isolated" : "await openly"}(launch, ${JSON.stringify(place)});
    const log = logFile(${JSON.stringify(join(folder, "log"))});
    await runProcess(started, log, new AbortController().signal);
    await log.close();`;
  const register = resolve(import.meta.dirname, "../../../build/register.mjs");
  const whole = await open("/", "r");
  onTestFinished(() => whole.close());
  const stdio = Array.from({ length: 78 }, (_, index) => (index === 5 || index === 77 ? whole.fd : ("ignore" as const)));
  const child = spawn(process.execPath, ["--import", register, "--input-type=module", "--eval", script], { stdio });
  await once(child, "exit");
  const said = await readFile(join(folder, "log"), "utf8");
  expect(said).toMatch(/stdout F 0,1,2,/);
  expect(said.replaceAll(/ F \/dev\/null$/gm, "")).not.toMatch(/saw| F \//);
});

test.each(["isolated", "openly"] as const)("a line of a log has the time at which it was written (%s)", async (how) => {
  if (how === "isolated" && !shut) return;
  const { log } = await run("date +%s%3N; sleep 3; date +%s%3N", { how });
  const [first, second] = log
    .trim()
    .split("\n")
    .map((line) => {
      const [told = "", , , text] = line.split(" ");
      return { written: Number(text), told: Date.parse(told) };
    });
  // Told once it was written, and before the next one was.
  expect(first?.told).toBeGreaterThanOrEqual(first?.written ?? NaN);
  expect(first?.told).toBeLessThan(second?.written ?? NaN);
  expect(second?.told).toBeGreaterThanOrEqual(second?.written ?? NaN);
});

test("a long line is told in parts, and no character is cut", async () => {
  const folder = await mkdtemp(join(tmpdir(), "isolation-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const log = logFile(join(folder, "log"));
  const text = `a${"\u{1F600}".repeat(20_000)}`;
  await log.take("stdout", Readable.from([Buffer.from(`${text}\nb`)]));
  await log.close();
  const lines = (await readFile(join(folder, "log"), "utf8")).trim().split("\n").map((line) => line.split(" ")); // prettier-ignore
  expect(lines.map(([, , tag]) => tag)).toEqual(["P", "P", "F", "F"]);
  expect(lines.slice(0, 3).map(([, , , part]) => part).join("")).toBe(text); // prettier-ignore
});

test.each(["isolated", "openly"] as const)(
  "where its log cannot be written, an application is ended, and the reason told (%s)",
  async (how) => {
    if (how === "isolated" && !shut) return;
    await expect(run("while :; do echo more; done", { how, log: "/dev/full" })).rejects.toMatchObject({
      code: "NotWritten",
      message: "cannot write /dev/full: no space left on device: make room, and call again",
    });
    await expect(run("sleep 60", { how, log: "/nowhere/at/all" })).rejects.toMatchObject({
      message: "cannot write /nowhere/at/all: there is no folder /nowhere/at",
    });
  },
);

test("what an open application leaves behind cannot keep the clean room from going on", async () => {
  const began = Date.now();
  const { exitCode, said } = await run("setsid sleep 20 & sleep 0.3; echo begun; exit 4", { how: "openly" });
  expect({ exitCode, said }).toEqual({ exitCode: 4, said: "begun\n" });
  expect(Date.now() - began).toBeLessThan(15_000);
});

test.skipIf(!shut)("an application that is told to end ends, with all that it has started", async () => {
  const folder = await mkdtemp(join(tmpdir(), "isolation-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const log = join(folder, "log");
  const told = new AbortController();
  const running = run("trap '' TERM; echo begun; sleep 600 & sleep 600; sleep 600", { signal: told.signal, log });
  await expect.poll(() => readFile(log, "utf8").catch(() => ""), { timeout: 20_000 }).toContain("begun");
  const began = Date.now();
  told.abort();
  const { exitCode } = await running;
  expect(exitCode).toBeGreaterThan(128);
  expect(Date.now() - began).toBeLessThan(20_000);
});

test("where a system does not shut applications in, their mounts are below a folder that they are told", async () => {
  const { exitCode, said, output } = await run('echo "$1"; cat "$1" "$WHERE" > "$CLEANROOM_ROOT/mnt/out/made"; echo "$OTHER"; env', {
    how: "openly",
    environment: { WHERE: "/mnt/in/data", OTHER: "/mnt/input" },
  });
  expect({ exitCode, output }).toEqual({ exitCode: 0, output: "givengiven" });
  expect(said).toMatch(/^\S+\/root\/mnt\/in\/data\n\/mnt\/input\n/);
  expect(said).not.toContain("VITEST");
});

test("a command that is not there is an exit code, as in shells, and its log says so", async () => {
  const folder = await mkdtemp(join(tmpdir(), "isolation-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const log = logFile(join(folder, "log"));
  const launch = { command: ["/nowhere/at/all"], environment: {}, image: folder, mounts: [] };
  const exitCode = await runProcess(await openly(launch, folder), log, new AbortController().signal).finally(log.close);
  expect(exitCode).toBe(127);
  expect(await readFile(join(folder, "log"), "utf8")).toMatch(/stderr F .*ENOENT/);
});
