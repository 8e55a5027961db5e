import { fileURLToPath } from "node:url";
import { CommandError, UsageError } from "../../failure.js";
import { builtFile } from "../../installation.js";
import { readText } from "../../io.js";
import { version as installed } from "../../version.js";

/** Where a part of a release comes from. */
export type Source = {
  /** The file of `dist/`. */
  readonly file: string;
  readonly version: { readonly option: string; readonly value: string | undefined };
  readonly url: { readonly option: string; readonly value: string | undefined };
};

/**
 * The text of a part of a release: of this installation, whose version may be named for certainty, or from an address.
 *
 * @throws CommandError, UsageError
 */
export async function textFrom({ file, version, url }: Source): Promise<string> {
  if (version.value !== undefined && url.value !== undefined) throw new UsageError(`give ${version.option} or ${url.option}, not both`);
  if (url.value !== undefined) return fetched(url.value);
  if (version.value !== undefined && version.value !== installed) {
    throw new CommandError(`this installation is version ${installed}: install ${version.value}, or name its file with ${url.option}`);
  }
  return readText(builtFile(file));
}

/** From https, or from a file. What arrives decides nothing: the members vote on its text. */
async function fetched(address: string): Promise<string> {
  if (!URL.canParse(address) || /^[a-z]:[\\/]/i.test(address)) return readText(address);
  const url = new URL(address);
  if (url.protocol === "file:") return readText(fileURLToPath(url));
  if (url.protocol !== "https:") throw new UsageError(`${address} is neither https nor a file`);
  let answer: Response;
  try {
    answer = await fetch(url, { signal: AbortSignal.timeout(60_000) });
    if (answer.ok) return await answer.text();
  } catch (cause) {
    const reason = cause instanceof Error && cause.cause instanceof Error ? cause.cause.message : String(cause);
    throw new CommandError(`cannot fetch ${address}: ${reason}`, { cause });
  }
  throw new CommandError(`cannot fetch ${address}: HTTP ${answer.status}`);
}
