import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFile, symlink, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { whileLocked } from "../../../cleanroom/blocks/lock.js";
import { folderWith } from "../transfer/folders.js";

const root = join(import.meta.dirname, "../../..");
const gone = (): string => `${spawnSync(process.execPath, ["-e", ""]).pid} ${hostname()}\n`;

/** Reads a number and writes the next, with a pause in which others could. */
const counting = (file: string) => async (): Promise<void> => {
  const before = Number(await readFile(file, "utf8"));
  await new Promise((resolve) => setTimeout(resolve, 2));
  await writeFile(file, String(before + 1));
};

/** A process of its own that has the lock at hand as `whileLocked`. */
function child(script: string) {
  const words = ["--import", join(root, "build/register.mjs"), "--input-type=module", "-e"];
  const preamble = `import { whileLocked } from ${JSON.stringify(join(root, "cleanroom/blocks/lock.ts"))};
    import { readFile, writeFile } from "node:fs/promises";`;
  return spawn(process.execPath, [...words, preamble + script], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
}

test("what several processes and tasks change at once has every change, also where one that was killed has left its lock", async () => {
  const folder = await folderWith({ n: "0", "n.lock": gone() });
  const file = folder.at("n");
  const others = Array.from({ length: 3 }, () =>
    child(`const file = ${JSON.stringify(file)};
      for (let turn = 0; turn < 10; turn++)
        await whileLocked(file, async () => writeFile(file, String(Number(await readFile(file, "utf8")) + 1)), 60_000);`),
  );
  const ends = others.map((other) => once(other, "exit"));
  await Promise.all(Array.from({ length: 10 }, () => whileLocked(file, counting(file), 60_000)));
  expect(await Promise.all(ends)).toEqual(others.map(() => [0, null]));
  expect(await folder.read("n")).toBe("40");
  expect(await folder.names()).toEqual(["n"]);
});

test.each([
  ["of another process of this number before", `${process.pid} ${hostname()}\n`],
  ["of a process that is gone", gone()],
])("a lock %s counts for nothing", async (_, text) => {
  const folder = await folderWith({ n: "0", "n.lock": text });
  await Promise.all(Array.from({ length: 5 }, () => whileLocked(folder.at("n"), counting(folder.at("n")))));
  expect(await folder.read("n")).toBe("5");
  expect(await folder.names()).toEqual(["n"]);
});

test.each([
  ["a process that runs", `${process.ppid} ${hostname()}\n`, `process ${process.ppid}`],
  ["a process of another machine", "1 elsewhere\n", "process 1 of elsewhere"],
])("the lock of %s is waited for, and named in the end", async (_, text, holder) => {
  const folder = await folderWith({ n: "0", "n.lock": text });
  const file = folder.at("n");
  await expect(whileLocked(file, () => expect.unreachable(), 50)).rejects.toMatchObject({
    code: "InUse",
    message: `${file} is being changed by ${holder}: call again when it has ended, or remove ${file}.lock if it has`,
  });
  expect(await folder.read("n.lock")).toBe(text);
});

test("a file is locked under all its names", async () => {
  const folder = await folderWith({ n: "0" });
  await symlink(folder.at("n"), folder.at("other"));
  await whileLocked(folder.at("other"), async () => {
    await expect(whileLocked(folder.at("n"), () => expect.unreachable(), 50)).rejects.toThrow(`process ${process.pid}`);
  });
});

test("no lock is left when the work fails, or the process is told to end", async () => {
  const folder = await folderWith({ n: "0" });
  const fails = whileLocked(folder.at("n"), () => Promise.reject(new Error("no")));
  await expect(fails).rejects.toThrow("no");
  expect(await folder.names()).toEqual(["n"]);
  const other = child(`await whileLocked(${JSON.stringify(folder.at("n"))}, async () => {
    console.log("has it");
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  });`);
  await once(other.stdout, "data");
  expect(await folder.names()).toEqual(["n", "n.lock"]);
  const end = once(other, "exit");
  other.kill("SIGINT");
  expect(await end).toEqual([null, "SIGINT"]);
  expect(await folder.names()).toEqual(["n"]);
});
