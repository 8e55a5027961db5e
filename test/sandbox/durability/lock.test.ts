import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";
import { DirectoryInUse, lockDirectory } from "../../../sandbox/host/lock.js";

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
  expect(await readFile(join(dir, "lock"), "utf8")).toBe(String(process.pid));
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
  expect(await readFile(join(dir, "lock"), "utf8")).toBe(String(process.pid));
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
