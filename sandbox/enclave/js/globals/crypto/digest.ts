import { createHash } from "node:crypto";
import type { HostFunction } from "../../values.js";
import { bytesOf, expectCount, textOf } from "./arguments.js";

/** `digest("SHA-256", data)`. */
export const digest: HostFunction = (args) => {
  expectCount(args, 2);
  if (textOf(args[0]) !== "SHA-256") throw new RangeError("unsupported digest algorithm, supported: SHA-256");
  return createHash("sha256").update(bytesOf(args[1])).digest();
};
