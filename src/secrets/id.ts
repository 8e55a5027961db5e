/** Owner of the secrets that clean rooms of the contract have written. Other owners are members. */
export const CLEAN_ROOM = "cleanroom";

/*
 * Owners are of a fixed form, and names have no colon: whatever people choose, two secrets never share a key or an id.
 */
const OWNED = /^([0-9a-f]{64}|cleanroom)(?:[:_]|%3[Aa])(.+)$/;

/** The key of a secret in the table of its contract. */
export const secretKey = (owner: string, name: string): string => `${owner}:${name}`;

/** The id that clients are told: they expect "_" behind `cleanroom`, and ":" behind a member id. */
export const secretId = (key: string): string => (key.startsWith(CLEAN_ROOM) ? key.replace(":", "_") : key);

/** The key of the secret that an id names, with whichever separator; undefined for what is no id of a secret. */
export function keyOfSecretId(id: string): string | undefined {
  const [, owner, name] = OWNED.exec(id) ?? [];
  return owner !== undefined && name !== undefined ? secretKey(owner, name) : undefined;
}

/** The id of the same secret as it is told; what is no id of a secret stays as it is. */
export function canonicalSecretId(id: string): string {
  const key = keyOfSecretId(id);
  return key === undefined ? id : secretId(key);
}
