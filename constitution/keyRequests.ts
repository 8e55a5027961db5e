import type { Table } from "../src/kv/table.js";

type Rows = Table<string, string>;

/*!
 * Governance asks for a signing key, and a member has the application make it: the private key never enters a proposal.
 * A request is a number and the name (kid) that all keys of this kind begin with.
 */
const ENABLED = "enabled";
const REQUEST = "generateSigningKeyRequestId";
const KID = "generateSigningKeyKid";

/*! Enabling again changes nothing, also under another name: clients do so to be sure. */
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
