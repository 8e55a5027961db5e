import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { ReleasePolicy, Vault } from "../../../azure/vault.js";
import { CommandError } from "../../failure.js";
import { createWhole, unlessMissing, writeWhole } from "../../wholeFile.js";
import { contractIdPlace } from "../model/contractNames.js";
import { kekFileOf, listKey, readPrivate } from "./private.js";

/** What the accepted policy of a contract says of its clean rooms: for each claim the values that it may have. */
export type CleanRoomPolicy = Readonly<Record<string, readonly unknown[]>>;

const HOST_DATA = "x-ms-sevsnpvm-hostdata";

/** SHA-256 digests of the policies that clean rooms of a contract may run under, hex. @throws CommandError when there are none */
export function hostDataOf(policy: CleanRoomPolicy, contractId: string): string[] {
  const values = (policy[HOST_DATA] ?? []).filter((value) => typeof value === "string");
  if (values.length > 0) return values;
  throw new CommandError(
    `contract "${contractId}" has no accepted clean room policy with ${HOST_DATA}: until it has one, nothing says which clean room may ` +
      "have the key. See: cleanroom governance deployment policy propose --help",
  );
}

/**
 * Lets a vault release a key to an attested clean room alone, whose policy is one of those agreed.
 * https://learn.microsoft.com/azure/key-vault/keys/policy-grammar
 */
export function releasePolicy(hostData: readonly string[], maaUrl: string): ReleasePolicy {
  return {
    version: "1.0.0",
    anyOf: hostData.map((value) => ({
      authority: maaUrl,
      allOf: [
        { claim: "x-ms-attestation-type", equals: "sevsnpvm" },
        { claim: "x-ms-compliance-status", equals: "azure-compliant-uvm" },
        { claim: HOST_DATA, equals: value },
      ],
    })),
  };
}

/** A name for the key encryption keys of a configuration, another for each: the id of the contract comes behind it. */
export function newKekName(): string {
  return `${randomBytes(4).toString("hex")}-${contractIdPlace}`;
}

/** A name that a vault can give to a key or a secret. @throws CommandError */
export function vaultName(name: string): string {
  if (/^[A-Za-z0-9-]{1,127}$/.test(name)) return name;
  throw new CommandError(
    `a vault cannot hold "${name}": names have letters, digits and '-', at most 127. Choose such a contract id and such names of data`,
  );
}

/**
 * Sees to it that a vault holds the key encryption key of a configuration under a policy. The key is made once (RSA of 2048 bits) and kept
 * beside the configuration; what the vault has already is not imported again.
 *
 * @returns the public key
 * @throws CommandError
 */
export async function placeKek(config: string, name: string, vault: Vault, policy: ReleasePolicy): Promise<KeyObject> {
  const key = await ownKek(config, vaultName(name));
  const { n } = key.export({ format: "jwk" });
  const there = await vault.getKey(name);
  if (there?.key.n !== n || !isDeepStrictEqual(there?.releasePolicy, policy)) {
    await vault.importKey(name, key.export({ format: "jwk" }), { releasePolicy: policy, operations: ["encrypt", "wrapKey"] });
  }
  await writeWhole(kekFileOf(config, name).replace(/\.pem$/, ".skr.json"), `${JSON.stringify(policy, null, 2)}\n`);
  return createPublicKey(key);
}

/** The public half of a key encryption key that was placed before. @throws CommandError */
export async function placedKek(name: string, vault: Vault): Promise<KeyObject> {
  const there = await vault.getKey(vaultName(name));
  if (there) return createPublicKey({ key: there.key, format: "jwk" });
  throw new CommandError(`the vault has no key "${name}": give --governance-client NAME to make it, or call config create-kek before`);
}

async function ownKek(config: string, name: string): Promise<KeyObject> {
  const file = kekFileOf(config, name);
  await listKey(config, `kek/${name}`, file);
  const kept = await unlessMissing(readPrivate(file));
  if (kept) return createPrivateKey(kept);
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  await createWhole(file, privateKey.export({ format: "pem", type: "pkcs1" }), 0o600);
  return createPrivateKey(await readPrivate(file)); // another process may have been first
}
