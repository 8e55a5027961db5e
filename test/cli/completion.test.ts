import { execFile, execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { commands } from "../../cli/commands.js";
import { installation } from "../../cli/installation.js";
import { shell, type Shell } from "./run.js";

const ask = async (at: Shell, ...words: string[]): Promise<string[]> => {
  const { status, out } = await at.run(["__complete", "--", ...words]);
  expect(status).toBe(0);
  return out.split("\n").slice(0, -1).map((line) => line.split("\t")[0] ?? ""); // prettier-ignore
};

async function withClients(...names: readonly string[]): Promise<Shell> {
  const at = await shell();
  await mkdir(join(at.folder, "home", "clients"), { recursive: true });
  for (const name of names) await writeFile(join(at.folder, "home", "clients", `${name}.json`), "{}");
  return at;
}

test("every word of every command is completed from its beginning, and nothing else is offered", async () => {
  const at = await shell();
  for (const { path } of commands) {
    const words = path.split(" ");
    for (const [index, word] of words.entries()) {
      const offered = await ask(at, ...words.slice(0, index), word);
      expect(offered, path).toContain(word);
      for (const other of offered) expect(other.startsWith(word), `${path}: ${other}`).toBe(true);
    }
  }
});

test("options are offered once each, those that have to be given first", async () => {
  const at = await shell();
  expect((await ask(at, "governance", "contract", "vote", "")).slice(0, 3)).toEqual(["--id", "--proposal-id", "--action"]);
  const rest = await ask(at, "governance", "contract", "vote", "--id", "c", "--proposal-id", "p", "--");
  expect(rest).toEqual(["--action", "--governance-client", "--debug", "--output", "--query", "--help"]);
  expect(await ask(at, "governance", "contract", "list", "-o", "tsv", "--out")).toEqual([]);
  expect(await ask(at, "config", "view", "--cleanroom-config", "a", "--configs", "b", "--con")).toEqual(["--configs"]);
});

test("values of options are offered: choices, names of clients, and files where it may be anything", async () => {
  const at = await withClients("isv-client", "tdp-client");
  const vote = ["governance", "contract", "vote"];
  expect(await ask(at, ...vote, "--action", "")).toEqual(["accept", "reject"]);
  expect(await ask(at, ...vote, "--action", "r")).toEqual(["reject"]);
  expect(await ask(at, ...vote, "--action=r")).toEqual(["--action=reject"]);
  expect(await ask(at, ...vote, "--action", "=", "r")).toEqual(["reject"]); // as bash splits it
  expect(await ask(at, ...vote, "--action", "=")).toEqual(["accept", "reject"]);
  expect(await ask(at, ...vote, "-o", "")).toEqual(["json", "tsv", "yaml", "table"]);
  expect(await ask(at, "status", "-o", "te")).toEqual(["text"]);
  expect(await ask(at, ...vote, "--governance-client", "t")).toEqual(["tdp-client"]);
  expect(await ask(at, "governance", "client", "show", "--name", "")).toEqual(["isv-client", "tdp-client"]);
  expect(await ask(at, "governance", "contract", "create", "--data", "./")).toEqual([":file"]);
  expect(await ask(at, "config", "view", "--cleanroom-config", "a", "--configs", "b", "c")).toEqual([":file"]);
});

test("what is no command gets nothing", async () => {
  const at = await shell();
  expect(await ask(at, "nonsense", "")).toEqual([]);
  expect(await ask(at, "governance", "nonsense", "")).toEqual([]);
  expect(await ask(at, "--")).toEqual(["--help"]);
  expect(await ask(at)).toContain("governance");
});

/** Has a bash that knows `cleanroom` only by the script complete a line. */
async function inBash(at: Shell, line: string): Promise<string[]> {
  const bin = join(at.folder, "bin");
  await mkdir(bin, { recursive: true });
  const program = `#!/bin/sh\nexec '${process.execPath}' '${join(installation(), "bin", "cleanroom.mjs")}' "$@"\n`;
  await writeFile(join(bin, "cleanroom"), program, { mode: 0o755 });
  const script = `
    source <(cleanroom completion bash)
    [[ $(complete -p cleanroom) == "complete -F _cleanroom cleanroom" ]] || exit 9
    COMP_WORDS=(${line}); COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
    _cleanroom cleanroom "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD-1]}"
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const env = { PATH: `${bin}:${process.env.PATH ?? ""}`, CLEANROOM_HOME: join(at.folder, "home") };
  const { stdout } = await promisify(execFile)("bash", ["--norc", "-c", script], { env, cwd: at.folder });
  return stdout.split("\n").filter((word) => word !== "");
}

test("bash completes commands, options, choices, clients and files", async () => {
  const at = await withClients("isv-client");
  await writeFile(join(at.folder, "contract one.yaml"), "");
  expect(await inBash(at, "cleanroom gov")).toEqual(["governance"]);
  expect(await inBash(at, "cleanroom governance contract vote --pro")).toEqual(["--proposal-id"]);
  expect(await inBash(at, "cleanroom governance contract vote --action ''")).toEqual(["accept", "reject"]);
  expect(await inBash(at, "cleanroom status --governance-client i")).toEqual(["isv-client"]);
  expect(await inBash(at, "cleanroom governance contract create --data con")).toEqual(["contract one.yaml"]);
}, 60_000);

const has = (program: string): boolean => {
  try {
    execFileSync(program, ["-c", "true"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

test.each(["bash", "zsh", "fish"])("the script for %s is one", async (name) => {
  const at = await shell();
  const { status, out, notes } = await at.run(["completion", name]);
  expect({ status, notes }).toEqual({ status: 0, notes: "" });
  expect(out).toMatch(/^#.*cleanroom/);
  expect(out.split("\n").filter((line) => line.includes("__complete -- "))).toHaveLength(1);
  if (!has(name)) {
    console.warn(`${name} is not installed: its script was not read by it`);
    return;
  }
  const file = join(at.folder, "script");
  await writeFile(file, out);
  execFileSync(name, ["-n", file]);
});
