import { generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { FederatedCredential } from "../management.js";
import type { ReleasePolicy } from "../vault.js";
import type { ManagedIdentity } from "../resources.js";
import { newAuthority, type Issued } from "./authority.js";

/** All that a local cloud remembers. Whoever reads it has every key in it. */
export type State = {
  readonly authority: Issued;
  readonly tenantId: string;
  /** The person at this machine. */
  readonly person: Person;
  /** PEM (PKCS#8) of the keys that tokens are signed with. */
  readonly signing: { readonly tokens: string; readonly attestation: string; readonly vault: string };
  /** Configurations and policies name them, so they stay. */
  readonly ports: Readonly<Record<Part, number>>;
  /** Storage accounts with their keys, base64. */
  readonly accounts: Readonly<Record<string, string>>;
  /** Resource ids of storage accounts, in lower case; those made by older versions are not here until they are made again. */
  readonly accountIds?: Readonly<Record<string, string>>;
  readonly vaults: Readonly<Record<string, VaultState>>;
  /** By resource id, in lower case. */
  readonly identities: Readonly<Record<string, IdentityState>>;
  readonly assignments: readonly Assignment[];
};

export const parts = ["blobs", "tokens", "vaults", "attestation", "management"] as const;
export type Part = (typeof parts)[number];

export type Person = { readonly clientId: string; readonly principalId: string; readonly secret: string };

export type IdentityState = ManagedIdentity & { readonly credentials: Readonly<Record<string, FederatedCredential>> };

/** Of a role, by the GUID of its definition. */
export type Assignment = { /** Resource id, in lower case. */ readonly scope: string; readonly principalId: string; readonly role: string };

export type VaultState = {
  /** Resource id, in lower case. */
  readonly id: string;
  readonly secrets: Readonly<Record<string, string>>;
  /** Latest version last. */
  readonly keys: Readonly<Record<string, readonly KeyState[]>>;
};

export type KeyState = {
  readonly version: string;
  /** PEM (PKCS#8), RSA. */
  readonly privateKey: string;
  readonly operations: readonly string[];
  readonly exportable: boolean;
  readonly policy: ReleasePolicy | undefined;
};

/** A state that changes one step at a time, and is on disk before a step is over. */
export type Store = {
  readonly state: () => State;
  /** @returns the new state; what throws changes nothing */
  readonly change: (step: (before: State) => State) => Promise<State>;
};

const FILE = "cloud.json";

/** The local cloud of a folder; a new one where there is none. */
export async function openStore(folder: string): Promise<Store> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const file = join(folder, FILE);
  const kept = await readFile(file, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  });
  let current = kept === undefined ? freshState() : (JSON.parse(kept) as State);
  let last: Promise<unknown> = Promise.resolve();
  const write = async (next: State): Promise<State> => {
    await writeFile(`${file}.draft`, JSON.stringify(next, null, 2), { mode: 0o600 });
    await rename(`${file}.draft`, file);
    return (current = next);
  };
  if (kept === undefined) await write(current);
  return {
    state: () => current,
    change: (step) => {
      const done = last.then(() => write(step(current)));
      last = done.catch(() => undefined);
      return done;
    },
  };
}

function freshState(): State {
  return {
    authority: newAuthority(),
    tenantId: randomUUID(),
    person: { clientId: randomUUID(), principalId: randomUUID(), secret: randomBytes(32).toString("base64url") },
    signing: { tokens: newKey(), attestation: newKey(), vault: newKey() },
    ports: { blobs: 0, tokens: 0, vaults: 0, attestation: 0, management: 0 },
    accounts: {},
    accountIds: {},
    vaults: {},
    identities: {},
    assignments: [],
  };
}

function newKey(): string {
  return generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}
