import { ccf } from "@microsoft/ccf-app/global.js";
import { ApiError, type ErrorCode } from "../http/errors.js";
import type { Table } from "../kv/table.js";
import type { SigningKey } from "../kv/tables.js";

/** What governance asked for: `enabled`, `generateSigningKeyRequestId`, `generateSigningKeyKid`. */
type Requests = Table<string, string>;
type Keys = Table<string, SigningKey>;

/** RSASSA-PSS with SHA-256 and a salt of 32 bytes (RFC 7518, 3.5): the one RSA signature that CCF makes. */
const PS256 = { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 } as const;

export const isEnabled = (requests: Requests): boolean => requests.get("enabled") === "true";

/**
 * The key for the present request of governance: made when there is none yet, so that asking again changes nothing.
 *
 * The key before it stays to be published, so that what it signed still verifies; its private half is forgotten. It is RSA of 2048 bits.
 *
 * @param notEnabled what to refuse with when governance has asked for no key
 */
export function requestedKey(requests: Requests, keys: Keys, notEnabled: ErrorCode): SigningKey {
  const reqId = requests.get("generateSigningKeyRequestId");
  if (!isEnabled(requests) || !reqId) throw new ApiError(notEnabled);

  const current = keys.get("signingKey");
  if (current?.reqId === reqId) return current;
  if (current) keys.set("previousSigningKey", { ...current, privateKey: "" });

  const key = { kid: `${requests.get("generateSigningKeyKid") ?? ""}-${reqId}`, reqId, ...ccf.crypto.generateRsaKeyPair(2048) };
  keys.set("signingKey", key);
  return key;
}

/** The keys whose signatures verify: the one that signs, and the one before it. */
export const publishedKeys = (keys: Keys): SigningKey[] =>
  ["signingKey", "previousSigningKey"].map((name) => keys.get(name)).filter((key) => key !== undefined);

/** @throws ApiError SigningKeyNotAvailable */
export function currentKey(keys: Keys): SigningKey {
  const key = keys.get("signingKey");
  if (!key) throw new ApiError("SigningKeyNotAvailable");
  return key;
}

/** Signs with RSASSA-PSS, SHA-256, salt of 32 bytes. */
export const sign = ({ privateKey }: SigningKey, bytes: ArrayBuffer): ArrayBuffer => ccf.crypto.sign(PS256, privateKey, bytes);
