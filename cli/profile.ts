import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { CommandError, isSystemError, UsageError } from "./failure.js";
import type { Io } from "./io.js";
import { isObject } from "./json.js";

/** A governance client: one member at one service, under a name that commands refer to. */
export type Profile = {
  /** `https://host:port` */
  readonly ccfEndpoint: string;
  /** PEM; the only certificate that is trusted for the endpoint. */
  readonly serviceCert: string;
  /** PEM */
  readonly signingCert: string;
} & (FileKey | CommandKey);

/** The key is in a file. */
export type FileKey = {
  /** Absolute path of the PEM file. The key itself is read where it lies and never copied. */
  readonly signingKeyFile: string;
};

/** The key is where only a command reaches it. */
export type CommandKey = {
  /** The program and its arguments. */
  readonly signingCommand: readonly string[];
  /** What connections show instead of the member's certificate, for which TLS would need the key. */
  readonly tls?: {
    /** PEM */
    readonly certificate: string;
    /** Absolute path of the PEM file. */
    readonly keyFile: string;
  };
};

/** The name of the variable that stands in for `--governance-client`. */
export const clientVariable = "CLEANROOM_GOVERNANCE_CLIENT";

/** Where all that the command remembers is kept: `CLEANROOM_HOME`, or `~/.cleanroom`. */
export function home(io: Io): string {
  const named = io.env.CLEANROOM_HOME;
  return named === undefined || named === "" ? join(homedir(), ".cleanroom") : named;
}

/** The client that is meant: the option, else the variable. @throws UsageError */
export async function chosenClient(option: string | undefined, io: Io): Promise<string> {
  const name = option ?? io.env[clientVariable];
  if (name !== undefined && name !== "") return checkName(name);
  const names = await profileNames(io);
  const known =
    names.length > 0 ? `; there are: ${names.join(", ")}` : "; there are none yet, see: cleanroom governance client deploy --help";
  throw new UsageError(`which client? Give --governance-client NAME or set ${clientVariable}${known}`);
}

/** @throws CommandError when there is no client of that name */
export async function loadProfile(name: string, io: Io): Promise<Profile> {
  return (await findProfile(name, io)) ?? (await unknownClient(name, io));
}

export async function findProfile(name: string, io: Io): Promise<Profile | undefined> {
  const file = fileOf(checkName(name), io);
  const text = await unlessMissing(readFile(file, "utf8"));
  if (text === undefined) return undefined;
  const profile = parseProfile(text);
  if (!profile) throw new CommandError(`${file} is damaged: remove the client and deploy it again`);
  return profile;
}

function parseProfile(text: string): Profile | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const { ccfEndpoint, serviceCert, signingCert, signingKeyFile, signingCommand, tls } = value as Readonly<Record<string, unknown>>;
  const texts = [ccfEndpoint, serviceCert, signingCert].every(isText);
  const key = signingCommand === undefined ? isText(signingKeyFile) : Array.isArray(signingCommand) && signingCommand.every(isText);
  const shown = tls === undefined || (isObject(tls) && isText(tls.certificate) && isText(tls.keyFile));
  return texts && key && shown ? (value as Profile) : undefined;
}

const isText = (value: unknown): value is string => typeof value === "string";

/** Writes a profile in one step, readable by its owner alone. */
export async function saveProfile(name: string, profile: Profile, io: Io): Promise<void> {
  const file = fileOf(checkName(name), io);
  for (const directory of [home(io), clients(io)]) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await chmod(directory, 0o700);
  }
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(profile, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

/** @throws CommandError when there is no client of that name */
export async function removeProfile(name: string, io: Io): Promise<void> {
  const file = fileOf(checkName(name), io);
  const removed = await unlessMissing(rm(file).then(() => true));
  if (removed !== true) await unknownClient(name, io);
}

async function unknownClient(name: string, io: Io): Promise<never> {
  const names = await profileNames(io);
  throw new CommandError(`there is no governance client "${name}"${names.length > 0 ? `; there are: ${names.join(", ")}` : ""}`);
}

export async function profileNames(io: Io): Promise<string[]> {
  const files = (await unlessMissing(readdir(clients(io)))) ?? [];
  return files
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.slice(0, -".json".length))
    .sort();
}

function clients(io: Io): string {
  return join(home(io), "clients");
}

function fileOf(name: string, io: Io): string {
  return join(clients(io), `${name}.json`);
}

/** A name is a file's name as well. */
function checkName(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) return name;
  throw new UsageError(`"${name}" cannot be the name of a client: letters, digits, ".", "_" and "-", at most 64`);
}

async function unlessMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (isSystemError(error) && error.code === "ENOENT") return undefined;
    throw error;
  }
}
