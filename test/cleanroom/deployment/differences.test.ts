import { expect, test } from "vitest";
import { differences } from "../../../cleanroom/deployment/differences.js";

const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64");

test("what differs in a description that is encoded in base64 is told as it reads", () => {
  const left = ["--application-base-64", encoded({ name: "depa", env: { model: "/mnt/a" }, command: ["/bin/bash", "run.sh"] })];
  const right = ["--application-base-64", encoded({ name: "depa", env: { model: "/mnt/b" }, command: ["/bin/bash", "other.sh"] })];
  expect(differences(left, right, "command")).toEqual([
    { path: "command[1] (decoded).env.model", left: '"/mnt/a"', right: '"/mnt/b"' },
    { path: "command[1] (decoded).command[1]", left: '"run.sh"', right: '"other.sh"' },
  ]);
});

test("texts that differ and say the same, or are no descriptions, are told as they are", () => {
  const [left, right] = [encoded({ a: 1, b: 2 }), encoded({ b: 2, a: 1 })];
  expect(differences(left, right, "word")).toEqual([{ path: "word", left: `"${left}"`, right: `"${right}"` }]);
  expect(differences("eyes", "eyed", "word")).toEqual([{ path: "word", left: '"eyes"', right: '"eyed"' }]);
});
