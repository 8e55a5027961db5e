import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError, isSystemError } from "../failure.js";
import type { Io } from "../io.js";

const absent =
  "the policy is made by the Azure CLI, which is not on the PATH as az: install it with its confcom extension, " +
  "or choose --security-policy-creation-option local or allow-all";

/**
 * Has `az confcom` make a policy; it pulls every image and hashes its layers.
 *
 * @param input as `cleanroom-policy-in.json` has it
 * @param debug lets people into the containers
 * @throws CommandError
 */
export async function confcomPolicy(input: string, debug: boolean, io: Io): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "cleanroom-policy-"));
  try {
    const [given, made] = [join(folder, "in.json"), join(folder, "policy.rego")];
    await writeFile(given, input);
    const line = ["confcom", "acipolicygen", "-i", given, "--outraw-pretty-print", "-s", made, ...(debug ? ["--debug-mode"] : [])];
    await az(line, io);
    return await readFile(made, "utf8").catch((cause: unknown) => {
      throw new CommandError("az confcom acipolicygen ended without a policy", { cause });
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs `az`; what it says is passed on. @throws CommandError */
async function az(args: readonly string[], io: Io): Promise<void> {
  const child = spawn("az", args, { env: { ...io.env }, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const listen = (text: string): void => {
    said += text;
    for (const line of text.trimEnd().split("\n")) io.note(line);
  };
  child.stdout.resume(); // the policy again
  child.stderr.setEncoding("utf8").on("data", listen);
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  }).catch((cause: unknown) => {
    if (isSystemError(cause) && cause.code === "ENOENT") throw new CommandError(absent, { cause });
    throw cause;
  });
  if (status === 0) return;
  const unknown = said.includes("'confcom' is misspelled or not recognized")
    ? ": its extension is missing, see az extension add --name confcom"
    : "";
  throw new CommandError(`az confcom acipolicygen failed with status ${status ?? "of a signal"}${unknown}`);
}
