import { createHash } from "node:crypto";
import { CloudError } from "./cloudError.js";

/** A UUID that is the same for the same words, so that an assignment is made once. */
export function nameFor(words: readonly string[]): string {
  const hash = createHash("sha256").update(words.join("\n").toLowerCase()).digest("hex");
  return hash.slice(0, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}

/** Somebody else may have given the role, under another name. */
export async function unlessGiven(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof CloudError && error.code === "RoleAssignmentExists")) throw error;
  }
}
