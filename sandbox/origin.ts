import { createPublicKey, X509Certificate } from "node:crypto";
import { mkdir, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { Identity, IdentityDamaged } from "./enclave/identity.js";
import { SandboxError } from "./error.js";
import { LEDGER_FOLDER } from "./host/files.js";
import { readSealedIdentity, sealedIdentityFile } from "./host/ledger/identityFiles.js";
import { DirectoryInUse, lockDirectory } from "./host/lock.js";
import { MAJORITY_CONSTITUTION } from "./majority.js";
import type { Genesis, InitialMember } from "./messages.js";
import type { SandboxOptions } from "./options.js";

/** The file that `sandbox start` writes its log to; it may be there before the service is. */
const LOG = "sandbox.log";

/** What a service starts from. */
export type Origin = { readonly genesis: Genesis } | { readonly sealed: string };

/** @throws SandboxError for options that do not fit, or do not fit the directory */
export async function originOf(options: SandboxOptions): Promise<Origin> {
  const { dir, resume } = options;
  if (resume) {
    if (dir === undefined) throw new SandboxError("to resume a service, name the directory that holds it");
    const sealed = await readSealedIdentity(dir);
    if (sealed === undefined) throw new SandboxError(`${dir} holds no service to resume`);
    requireReadable(sealed, dir);
    return { sealed };
  }
  const genesis = genesisOf({ constitution: MAJORITY_CONSTITUTION, ...options });
  genesis.members.forEach(requireCertificate);
  if (dir !== undefined) await mkdir(dir, { recursive: true, mode: 0o700 });
  return { genesis };
}

/** The enclave would refuse it too, but knows of no files. @throws SandboxError that names the file */
function requireReadable(sealed: string, dir: string): void {
  try {
    Identity.unseal(sealed, { hosts: [], validFrom: new Date() });
  } catch (error) {
    if (!(error instanceof IdentityDamaged)) throw error;
    throw new SandboxError(`${sealedIdentityFile(dir)} is damaged: ${error.message}`, { cause: error });
  }
}

/** @throws SandboxError for what is no certificate or no key */
function requireCertificate({ certificate, encryptionPublicKey }: InitialMember, index: number): void {
  // Callers in JavaScript may give anything: the promise of an identity that they forgot to wait for has no certificate.
  const check = (what: string, text: unknown, read: (text: string) => unknown): void => {
    try {
      read(text as string);
    } catch (cause) {
      const given = (JSON.stringify(text) as string | undefined)?.slice(0, 40) ?? "nothing";
      throw new SandboxError(`the ${what} of initial member ${index + 1} is none (PEM is wanted): ${given}`, { cause });
    }
  };
  check("certificate", certificate, (pem) => new X509Certificate(pem));
  if (encryptionPublicKey !== undefined) check("encryption public key", encryptionPublicKey, createPublicKey);
}

/** @throws SandboxError where something is missing that a fresh service needs */
export function genesisOf({ members, constitution }: Pick<SandboxOptions, "members" | "constitution">): Genesis {
  if (constitution === undefined) throw new SandboxError("a fresh service needs a constitution");
  if (!members || members.length === 0) throw new SandboxError("a fresh service needs at least one initial member");
  return {
    // Their private keys are nobody else's business.
    members: members.map(({ certificate, encryptionPublicKey, data }) => ({ certificate, encryptionPublicKey, data })),
    constitution: typeof constitution === "string" ? constitution : constitution.join("\n"),
  };
}

/** Makes a directory. @throws SandboxError where there is something in it */
export async function makeEmpty(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const found = (await readdir(dir)).filter((name) => name !== LOG);
  if (found.length > 0) throw new SandboxError(`${dir} is not empty: choose another directory`);
}

/** What a start leaves, beside an empty ledger, that is killed before it has kept its keys, without which no transaction is written. */
const LEFTOVERS = /^(lock(\..*)?|virtual-tee\.json(\.part)?|identity\.json\.part)$/;

/**
 * Requires of a directory, which is locked, that a fresh service can begin there.
 *
 * @throws SandboxError where there is a service, or something else
 */
export async function requireFresh(dir: string): Promise<void> {
  const hasLedger = ((await namesIn(join(dir, LEDGER_FOLDER))) ?? ["?"]).length > 0;
  const isLeft = (name: string): boolean => name === LOG || LEFTOVERS.test(name) || (name === LEDGER_FOLDER && !hasLedger);
  const found = (await readdir(dir)).filter((name) => !isLeft(name));
  if (found.length === 0) return;
  if (found.includes(basename(sealedIdentityFile(dir)))) {
    throw new SandboxError(`${dir} is not empty: resume the service that it holds, or choose another directory`);
  }
  const names = [...found.slice(0, MAX_NAMES), ...(found.length > MAX_NAMES ? ["..."] : [])].join(", ");
  throw new SandboxError(`${dir} holds no service, but ${names}: choose another directory, or remove that`);
}

const MAX_NAMES = 5;

/** The names in a directory; undefined where there is none. */
async function namesIn(dir: string): Promise<string[] | undefined> {
  try {
    return await readdir(dir);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** @returns gives the directory free @throws SandboxError while another sandbox works in it */
export async function lock(dir: string): Promise<() => Promise<void>> {
  try {
    return await lockDirectory(dir);
  } catch (error) {
    if (error instanceof DirectoryInUse) throw new SandboxError(error.message);
    throw error;
  }
}
