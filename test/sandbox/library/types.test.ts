import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { installation } from "../../../cli/installation.js";

const CONSUMER = `
  import { newIdentity, startSandbox, ServiceError, type Sandbox, type SandboxOptions } from "cleanroom-governance/sandbox";

  const alice = await newIdentity("alice");
  const options: SandboxOptions = { members: [alice], clock: "virtual", log: (level, line) => { console.log(level.length + line.length); } };
  const sandbox: Sandbox = await startSandbox(options);
  const proposal = await sandbox.propose([{ name: "remove_js_app" }], { by: alice, votes: [alice] });
  const state: string = proposal.proposalState;
  const { status, transactionId } = await sandbox.request({ url: "/app/x", by: alice, json: { state } });
  export const shown: readonly [number, string | undefined] = [status, transactionId];
  export const isRefusal = (error: unknown): error is ServiceError => error instanceof ServiceError;

  // @ts-expect-error a port is a number
  await startSandbox({ members: [alice], port: "8000" });
  // @ts-expect-error there is no such call
  await sandbox.destroy();
`;

/** Compiles as a project does that has installed the package. @returns what the compiler complains of */
async function compile(...options: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "consumer-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(folder, "node_modules"));
  await symlink(installation(), join(folder, "node_modules", "cleanroom-governance"));
  await writeFile(join(folder, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(join(folder, "consumer.ts"), CONSUMER);
  const tsc = createRequire(import.meta.url).resolve("typescript/bin/tsc");
  const words = [
    tsc,
    "--strict",
    "--target",
    "es2022",
    "--lib",
    "es2022,dom",
    "--module",
    "nodenext",
    "--noEmit",
    ...options,
    "consumer.ts",
  ];
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: folder }).catch(
    (error: unknown) => error as { stdout: string },
  );
  return stdout;
}

test("a project in plain TypeScript, older than this one's, type-checks against the library", async () => {
  expect(await compile("--skipLibCheck")).toBe("");
  expect(await compile("--skipLibCheck", "--exactOptionalPropertyTypes", "--verbatimModuleSyntax")).toBe("");
});
