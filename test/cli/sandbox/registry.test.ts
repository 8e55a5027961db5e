import { mkdir, readdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Io } from "../../../cli/io.js";
import { register, running, type Running } from "../../../cli/sandbox/registry.js";
import { shell } from "../run.js";

const service: Omit<Running, "control"> = {
  url: "https://127.0.0.1:1",
  port: 1,
  pid: process.pid,
  engine: "embedded",
  virtualTee: false,
  dir: null,
  log: null,
  serviceCertificate: "PEM ".repeat(1_000_000), // many writes
};

test("whoever looks for sandboxes finds what is known of one whole, also in the place of one that was killed", async () => {
  const { folder } = await shell();
  const io: Io = { env: { CLEANROOM_HOME: folder }, out: () => undefined, note: () => undefined, stdin: () => Promise.resolve("") };
  const known = join(folder, "sandboxes");
  await mkdir(known);
  const killed = JSON.stringify({ ...service, control: join(folder, "nobody.sock") });
  await writeFile(join(known, "1.json"), killed, { mode: 0o600 });

  const sizes = new Set<number>();
  let over = false as boolean; // set by what runs beside
  const registered = register(service, io, {}).finally(() => (over = true));
  while (!over) {
    sizes.add((await stat(join(known, "1.json"))).size);
    await setImmediate();
  }
  const { withdraw } = await registered;
  const { size, mode } = await stat(join(known, "1.json"));
  expect(mode & 0o777).toBe(0o600);
  expect([...sizes].filter((seen) => seen !== killed.length && seen !== size)).toEqual([]);
  expect(await readdir(known)).toEqual(["1.json"]);
  expect(await running(io)).toMatchObject([service]);
  const lists = Promise.all(Array.from({ length: 20 }, () => running(io)));
  await withdraw();
  for (const found of await lists) expect(found.length).toBeLessThan(2);
  expect(await running(io)).toEqual([]);
});
