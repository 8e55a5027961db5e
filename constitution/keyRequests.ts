import type { Table } from "../src/kv/table.js";

type Rows = Table<string, string>;

/*!
 * Governance asks for a signing key, and a member has the application make it: the private key never enters a proposal.
 * A request is a number and the name (kid) that all keys of this kind begin with.
 */
const ENABLED = "enabled";
const REQUEST = "generateSigningKeyRequestId";
const KID = "generateSigningKeyKid";

/*! A second name would be ignored, and whoever relies on it misled. */
export function requireSameKid(rows: Rows, kid: string): void {
  const known = rows.get(KID);
  if (known !== undefined && known !== kid) throw new Error(`kid must be ${known}: with it, this was enabled already`);
}

export function requestFirstKey(rows: Rows, kid: string): void {
  if (rows.has(ENABLED)) return;
  rows.set(ENABLED, "true");
  rows.set(REQUEST, "1");
  rows.set(KID, kid);
}

export function requireEnabled(rows: Rows): void {
  if (!rows.has(ENABLED)) throw new Error("what is not enabled has no key to rotate");
}

export function requestNextKey(rows: Rows): void {
  rows.set(REQUEST, String(Number(rows.get(REQUEST)) + 1));
}
