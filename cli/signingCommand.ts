import { spawn, type ChildProcessByStdio } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, open, rm, writeFile, type FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { Readable } from "node:stream";
import { memberIdOf, readCertificate, type Signer } from "../client/identity.js";
import { shellWords } from "./config/shellWords.js";
import { CommandError, isSystemError, UsageError } from "./failure.js";
import { harmless } from "../cleanroom/harmless.js";
import type { Io } from "./io.js";
import { signatureIn } from "./signature.js";

/** Tells the command how the digest is to be signed: `ES256`, `ES384` or `ES512`. */
const algorithmVariable = "CLEANROOM_SIGNING_ALGORITHM";

/** Seconds that a command may take; a person may have to touch a token. */
const timeoutVariable = "CLEANROOM_SIGNING_TIMEOUT";
const DEFAULT_TIMEOUT = 60;

/** Bytes of its output that are kept. No signature comes near. */
const MOST_OUTPUT = 16_384;

/** The words of `--signing-command`. @throws UsageError */
export function signingWords(line: string): string[] {
  const words = shellWords(line);
  const [program] = words;
  if (program === undefined) throw new UsageError("--signing-command is empty");
  if (program.includes("/") && !isAbsolute(program)) {
    throw new UsageError(`--signing-command is called from any folder: give the absolute path of ${program}, or put it on the PATH`);
  }
  return words;
}

/**
 * A member whose key is where only a command reaches it: an HSM, a vault. No shell is involved. The command gets the digest on its standard
 * input and prints the signature; see {@link signatureIn} for the forms. Nothing is used that the certificate does not verify.
 *
 * @param certificate PEM
 */
export function commandSigner(certificate: string, words: readonly string[], env: Io["env"]): Signer {
  const parsed = readCertificate(certificate);
  return {
    certificate,
    memberId: memberIdOf(parsed),
    sign: async (algorithm, content) => {
      const digest = createHash(algorithm.hash).update(content).digest();
      const output = await run(words, digest, { ...env, [algorithmVariable]: algorithm.name });
      const signature = signatureIn(output, algorithm, content, parsed.publicKey);
      if (signature) return signature;
      const printed = output.length === 0 ? "printed nothing" : `printed ${output.length} bytes, which are no ${algorithm.name} signature`;
      throw failed(words, `${printed} of the digest by the key of the certificate (${parsed.subject.replaceAll("\n", ", ")})`);
    },
  };
}

/** The declarations of `spawn` know the streams of a child only where no descriptor is given. */
type Running = ChildProcessByStdio<null, Readable, Readable>;

async function run(words: readonly string[], input: Buffer, env: Io["env"]): Promise<Buffer> {
  const [program = "", ...args] = words;
  const seconds = timeoutOf(env);
  const digest = await asFile(input);
  const child = spawn(program, args, { env: { ...env }, stdio: [digest.fd, "pipe", "pipe"] }) as Running;
  const output: Buffer[] = [];
  const said: Buffer[] = [];
  let wrong: string | undefined;
  const abandon = (reason: string): void => {
    wrong = reason;
    child.kill("SIGKILL");
    for (const stream of [child.stdout, child.stderr]) stream.destroy(); // what it has started may hold them open
  };
  child.stdout.on("data", (chunk: Buffer) => {
    output.push(chunk);
    if (sizeOf(output) > MOST_OUTPUT) abandon(`printed more than ${MOST_OUTPUT} bytes, which are no signature`);
  });
  child.stderr.on("data", (chunk: Buffer) => {
    if (sizeOf(said) < MOST_OUTPUT) said.push(chunk);
  });

  const timer = setTimeout(() => {
    abandon(`has not ended after ${seconds} s; ${timeoutVariable} sets the limit, in seconds`);
  }, seconds * 1000);
  try {
    const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (...end) => { resolve(end); }); // prettier-ignore
    });
    if (wrong !== undefined) throw failed(words, wrong);
    if (status !== 0) throw failed(words, `ended with ${signal ?? `status ${status}`}${lastWords(said)}`);
    return Buffer.concat(output);
  } catch (cause) {
    if (!isSystemError(cause)) throw cause;
    const reason =
      cause.code === "ENOENT" ? (isAbsolute(program) ? "does not exist" : "is not on the PATH") : `cannot be run: ${cause.code}`;
    throw failed(words, reason, cause);
  } finally {
    clearTimeout(timer);
    await digest.close();
  }
}

/** A file without a name: unlike the socket that Node gives a child, a program can open it again as /dev/stdin. */
async function asFile(content: Uint8Array): Promise<FileHandle> {
  const folder = await mkdtemp(join(tmpdir(), "cleanroom-"));
  try {
    const file = join(folder, "digest");
    await writeFile(file, content, { mode: 0o600 });
    return await open(file, "r");
  } finally {
    await rm(folder, { recursive: true });
  }
}

function sizeOf(chunks: readonly Buffer[]): number {
  return chunks.reduce((size, chunk) => size + chunk.length, 0);
}

/** Says which command, but not with which words: there may be a PIN among them. */
function failed([program = ""]: readonly string[], what: string, cause?: unknown): CommandError {
  return new CommandError(`the signing command ${program} ${what}`, { cause });
}

/** What it wrote to its standard error, on one line. */
function lastWords(said: readonly Buffer[]): string {
  const lines = Buffer.concat(said).toString("utf8").split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== ""); // prettier-ignore
  return lines.length === 0 ? "" : `: ${harmless(lines.slice(-3).join("; "))}`;
}

function timeoutOf(env: Io["env"]): number {
  const text = env[timeoutVariable];
  if (text === undefined || text === "") return DEFAULT_TIMEOUT;
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 3600) return seconds;
  throw new UsageError(`${timeoutVariable} is to be a number of seconds up to 3600, not "${text}"`);
}
