import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateMembers } from "../members.js";
import { constitution, type ServiceSource } from "./service.js";

export type Commands = {
  /** Returns when the service answers. `{port}`, `{members}` (a directory) and `{constitution}` (files) are filled in. */
  readonly start: string;
  readonly stop: string | undefined;
  readonly port: number;
  /** Directory of the members' keys; fresh ones for each service unless given. */
  readonly keys: string | undefined;
};

/** A fresh service for each suite, started by somebody else's command. */
export const byCommands =
  ({ start, stop, port, keys }: Commands): ServiceSource =>
  () => {
    const made = keys === undefined ? mkdtempSync(join(tmpdir(), "conformance-")) : undefined;
    const members = keys ?? made ?? "";
    if (made !== undefined) generateMembers(made);
    const values: Readonly<Record<string, string>> = { port: String(port), members, constitution: constitution.join(" ") };
    const run = (command: string): void => {
      const line = command.replace(/\{(\w+)\}/g, (text, name: string) => values[name] ?? text);
      execFileSync("/bin/bash", ["-c", line], { stdio: ["ignore", "ignore", "inherit"] });
    };
    run(start);
    return Promise.resolve({
      url: `https://127.0.0.1:${port}`,
      keys: members,
      fresh: true,
      stop: () => {
        if (stop !== undefined) run(stop);
        if (made !== undefined) rmSync(made, { recursive: true });
        return Promise.resolve();
      },
    });
  };
