import { constants, publicEncrypt, type KeyObject } from "node:crypto";
import type { Vault } from "../../../azure/vault.js";
import { authorityOf, readConfig, underContract, type AccessPoint } from "../model.js";
import { placedKek, placeKek, releasePolicy, vaultName } from "./kek.js";
import { readDek } from "./private.js";

/** RSA-OAEP with SHA-256 and without a label, base64: what the clean room unwraps. */
export function wrapped(kek: KeyObject, secret: Uint8Array): string {
  const options = { key: kek, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
  return publicEncrypt(options, secret).toString("base64");
}

/** A key encryption key, and whose word lets a clean room have it. */
export type NeededKek = { readonly name: string; readonly vaultUrl: string; readonly maaUrl: string };

export type Wanted = {
  /** File of the party's configuration. */
  readonly config: string;
  readonly contractId: string;
  /** Digests of the agreed policies; undefined where the key encryption keys are in their vaults already. */
  readonly hostData: readonly string[] | undefined;
  readonly vaultAt: (url: string) => Vault;
};

/** Sees to it that every key encryption key of a configuration is in its vault. @returns their names @throws CommandError */
export async function placeKeks(wanted: Wanted): Promise<string[]> {
  const keks = (await encryptedIn(wanted)).map(({ kek }) => kek);
  return [...(await publicKeys(keks, wanted))].map(([{ name }]) => name);
}

/**
 * Wraps every data encryption key of a configuration and puts it into its vault. All keys are read before anything is written.
 *
 * @param otherwise where the key of data is that the list of private keys does not have
 * @returns the names of the secrets
 * @throws CommandError
 */
export async function wrapDeks(wanted: Wanted, otherwise: (point: AccessPoint) => Promise<string | undefined>): Promise<string[]> {
  const all = [];
  for (const { kind, point, ...keys } of await encryptedIn(wanted)) {
    all.push({ ...keys, key: await readDek(wanted.config, kind, point.name, () => otherwise(point)) });
  }
  const keks = await publicKeys(
    all.map(({ kek }) => kek),
    wanted,
  );
  for (const [needed, kek] of keks) {
    for (const { dek, key } of all.filter((one) => idOf(one.kek) === idOf(needed))) {
      await wanted.vaultAt(dek.vaultUrl).setSecret(dek.name, wrapped(kek, key));
    }
  }
  return all.map(({ dek }) => dek.name);
}

/** The keys themselves, each once, placed in their vaults where that is wanted. */
export async function publicKeys(keks: readonly NeededKek[], wanted: Wanted): Promise<Map<NeededKek, KeyObject>> {
  const { config, hostData, vaultAt } = wanted;
  const distinct = new Map(keks.map((kek) => [idOf(kek), kek]));
  const keys = new Map<NeededKek, KeyObject>();
  for (const kek of distinct.values()) {
    const vault = vaultAt(kek.vaultUrl);
    const key = hostData ? placeKek(config, kek.name, vault, releasePolicy(hostData, kek.maaUrl)) : placedKek(kek.name, vault);
    keys.set(kek, await key);
  }
  return keys;
}

function idOf({ name, vaultUrl, maaUrl }: NeededKek): string {
  return [name, vaultUrl, maaUrl].join(" ");
}

/** Data that has keys of its own, with the names that these have under the contract. */
async function encryptedIn({ config, contractId }: Wanted) {
  const { datasources, datasinks } = underContract(await readConfig(config), contractId);
  const encrypted = (kind: "datasource" | "datasink", points: readonly AccessPoint[]) =>
    points.flatMap((point) => {
      const secrets = point.protection.encryptionSecrets;
      if (!secrets) return [];
      const [dek, kek] = [secrets.dek.secret.backingResource, secrets.kek.secret.backingResource];
      const { url, configuration } = kek.provider;
      return [
        {
          kind,
          point,
          dek: { name: vaultName(dek.name), vaultUrl: dek.provider.url },
          kek: { name: vaultName(kek.name), vaultUrl: url, maaUrl: authorityOf(configuration) },
        },
      ];
    });
  return [...encrypted("datasource", datasources), ...encrypted("datasink", datasinks)];
}
