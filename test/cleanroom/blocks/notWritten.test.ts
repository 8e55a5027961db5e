import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { notWritten } from "../../../cleanroom/blocks/notWritten.js";

test.skipIf(!existsSync("/dev/full"))("a full disk is told with the name of the file and what to do", async () => {
  const cause: unknown = await writeFile("/dev/full", "x").catch((error: unknown) => error);
  expect(notWritten("out/a.csv", cause)).toMatchObject({
    code: "NotWritten",
    message: "cannot write out/a.csv: no space left on device: make room, and call again",
    cause,
  });
});

test("what is no error of the system stays what it is", () => {
  const cause = new Error("the disk is gone");
  expect(notWritten("out/a.csv", cause)).toBe(cause);
});
