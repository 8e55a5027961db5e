import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const example = join(import.meta.dirname, "notes.example.mjs");
const page = resolve(import.meta.dirname, "../../../docs/sandbox.md");

test("the example of the documentation is the one that runs, and it passes", async () => {
  const blocks = [...(await readFile(page, "utf8")).matchAll(/```js\n([^]*?)```/g)].map(([, text]) => text);
  expect(blocks).toContain(await readFile(example, "utf8"));
  const { stdout } = await promisify(execFile)(process.execPath, ["--test", example]);
  expect(stdout).toMatch(/^# pass 4$|^ℹ pass 4$/m);
});
