import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { DirectoryInUse, lockDirectory } from "../../../sandbox/host/lock.js";

const LINUX = process.platform === "linux";

/** What a lock of this process says. */
const OWN = new RegExp(`^${process.pid}${LINUX ? " \\d+ [0-9a-f-]{36}" : ""}$`);

async function directory(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "lock-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

/** A number that no process has: that of one that has just ended. */
async function deadProcess(): Promise<number> {
  const child = spawn(process.execPath, ["--version"], { stdio: "ignore" });
  await once(child, "exit");
  return child.pid ?? 0;
}

test("a directory is locked once, also within one process, until it is given free", async () => {
  const dir = await directory();
  const free = await lockDirectory(dir);
  expect(await readFile(join(dir, "lock"), "utf8")).toMatch(OWN);
  await expect(lockDirectory(dir)).rejects.toThrow(DirectoryInUse);
  await free();
  expect(await readdir(dir)).toEqual([]);
  await (
    await lockDirectory(dir)
  )();
});

test.each(["", "0", "nonsense", "-1"])("a lock that names no process (%j) is taken over", async (owner) => {
  const dir = await directory();
  await writeFile(join(dir, "lock"), owner);
  await lockDirectory(dir);
  expect(await readdir(dir)).toEqual(["lock"]);
  expect(await readFile(join(dir, "lock"), "utf8")).toMatch(OWN);
});

test("a lock of a process that runs is respected, also one that names it by its number alone", async () => {
  const dir = await directory();
  await writeFile(join(dir, "lock"), String(process.ppid));
  await expect(lockDirectory(dir)).rejects.toThrow(`is in use by process ${process.ppid}; `);
});

test.runIf(LINUX)("a lock is taken over from a process whose number another has by now, and from one of an earlier boot", async () => {
  const boot = (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
  const start = (await readFile(`/proc/${process.ppid}/stat`, "utf8")).replace(/^.*\) /s, "").split(" ")[19] ?? "";
  for (const [started, isTaken] of [
    [`1 ${boot}`, false],
    [`${start} 11111111-2222-3333-4444-555555555555`, false],
    [`${start} ${boot}`, true],
  ] as const) {
    const dir = await directory();
    await writeFile(join(dir, "lock"), `${process.ppid} ${started}`);
    const locking = lockDirectory(dir);
    if (isTaken) await expect(locking).rejects.toThrow(`is in use by process ${process.ppid}; `);
    else await locking;
  }
});

test.runIf(LINUX)("a lock is taken over from a killed process that its parent has not waited for", async () => {
  const parent = spawn("sh", ["-c", "sleep 1000 & echo $!; exec sleep 1000"], { stdio: ["ignore", "pipe", "inherit"] });
  onTestFinished(() => void parent.kill("SIGKILL"));
  const [data] = (await once(parent.stdout, "data")) as [Buffer];
  const killed = Number(data.toString());
  // A shell may still wait for it, `sleep` never does.
  while ((await readFile(`/proc/${parent.pid ?? 0}/comm`, "utf8")).trim() !== "sleep") await sleep(5);
  process.kill(killed, "SIGKILL");
  while (!(await readFile(`/proc/${killed}/stat`, "utf8")).includes(") Z ")) await sleep(5);
  const dir = await directory();
  await writeFile(join(dir, "lock"), String(killed));
  await lockDirectory(dir);
  expect(await readFile(join(dir, "lock"), "utf8")).toMatch(OWN);
});

test("of many processes that find the lock of a dead one, one takes it over", async () => {
  const dir = await directory();
  const program = join(await directory(), "lock.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "lockProcess.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile: program,
  });
  await writeFile(join(dir, "lock"), String(await deadProcess()));

  const children: ChildProcess[] = [];
  onTestFinished(() => {
    for (const child of children) child.kill("SIGKILL");
  });
  const said = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const child = spawn(process.execPath, [program, dir], { stdio: ["ignore", "pipe", "inherit"] });
      children.push(child);
      const [data] = (await once(child.stdout, "data")) as [Buffer];
      return data.toString().trim();
    }),
  );
  expect(said.filter((word) => word === "taken")).toHaveLength(1);
  expect(said.filter((word) => word === "refused")).toHaveLength(7);
});
