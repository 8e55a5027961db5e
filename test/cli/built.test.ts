import { execFile, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { installation } from "../../cli/installation.js";
import { freshService } from "./consortium.js";
import { shell } from "./run.js";

type Ended = { readonly status: number; readonly out: string; readonly notes: string };

/** Runs `bin/cleanroom.mjs` as it is installed, in a process of its own. */
function cleanroom(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(installation(), "bin", "cleanroom.mjs"), ...args], { env, timeout: 30_000 }, (error, out, notes) => {
      resolve({ status: error ? Number(error.code) : 0, out, notes });
    });
  });
}

test("the built command says what it can do", async () => {
  const { status, out } = await cleanroom(["--help"]);
  expect(status).toBe(0);
  expect(out).toContain("governance");
});

test.each([
  ["json", /^\{\n/],
  ["yaml", /^value:\n {2}- /],
  ["tsv", /\S/],
  ["table", /^certificate +.*memberId/],
])("the built command prints %s", async (format, expected) => {
  const place = await freshService();
  await place.deployClient("isv");
  const env = { ...process.env, CLEANROOM_HOME: join(place.folder, "home") };
  const { status, out, notes } = await cleanroom(
    ["governance", "member", "show", "--governance-client", "isv-client", "--output", format],
    env,
  );
  expect({ status, notes }).toEqual({ status: 0, notes: "" });
  expect(out).toMatch(expected);
});

test("a query that does not fit the result is told as such after the command was carried out", async () => {
  const place = await freshService();
  await place.deployClient("isv");
  const { status, notes } = await place.run([
    "governance",
    "member",
    "show",
    "--governance-client",
    "isv-client",
    "--query",
    "nope(value)",
  ]);
  expect(status).toBe(1);
  expect(notes).toContain("the command was carried out, but --query does not fit its result");
});

test.skipIf(!existsSync("/dev/full"))(
  "a result that cannot be written is one line, which says that the command was carried out",
  async () => {
    const { folder } = await shell();
    const env = { ...process.env, CLEANROOM_HOME: join(folder, "home") };
    const full = openSync("/dev/full", "w");
    onTestFinished(() => { closeSync(full); }); // prettier-ignore
    const run = (...args: readonly string[]) =>
      spawnSync(process.execPath, [join(installation(), "bin", "cleanroom.mjs"), ...args], {
        env,
        stdio: ["ignore", full, "pipe"],
        encoding: "utf8",
      });
    expect(run("--help")).toMatchObject({ status: 1, stderr: "error: cannot write to the standard output: no space left on device\n" });
    expect(run("sandbox", "status")).toMatchObject({
      status: 1,
      stderr: "error: the command was carried out, but its result cannot be written to the standard output: no space left on device\n",
    });
  },
);

test("a standard input that is not text is refused in a line", () => {
  const args = [join(installation(), "bin", "cleanroom.mjs"), "governance", "contract", "create", "--id", "c", "--data", "-"];
  const env = { ...process.env, CLEANROOM_GOVERNANCE_CLIENT: "nobody" };
  const { status, stderr } = spawnSync(process.execPath, args, { env, input: Buffer.from([0xff]), encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 1, stderr: "error: the standard input is not text: it is not UTF-8\n" });
});
