import { CcfError } from "../http/errors.js";
import type { Transaction } from "../kv/transaction.js";
import { tables } from "./tables.js";

/** CCF `include/ccf/service/tables/...`: how many recent proposals are remembered unless the service configuration says otherwise. */
export const DEFAULT_WINDOW = 100;

// Times are compared as text of this width, which lasts until the year 2286.
const DIGITS = 10;

/**
 * Refuses a proposal that was submitted before, or that is older than the median of those remembered, and remembers it otherwise.
 *
 * @param createdAt seconds since the epoch, as signed
 * @param digest hexadecimal SHA-256 of the signature
 * @throws CcfError InvalidCreatedAt, ProposalReplay, ProposalCreatedTooLongAgo
 */
export function admitOnce(tx: Transaction, createdAt: bigint, digest: string, proposalId: string): void {
  const { coseRecentProposals: recent, serviceConfig } = tables(tx);
  const time = createdAt.toString().padStart(DIGITS, "0");
  if (time.length > DIGITS) throw new CcfError("InvalidCreatedAt", "Header parameter created_at value is too large");

  const key = `${time}:${digest}`;
  const earlier = recent.get(key);
  if (earlier !== undefined) throw new CcfError("ProposalReplay", `Proposal submission replay, already exists as proposal ${earlier}`);

  const keys = [...recent.keys()].sort();
  const median = keys[Math.floor(keys.length / 2)]?.slice(0, DIGITS);
  if (median !== undefined && time < median) {
    throw new CcfError("ProposalCreatedTooLongAgo", `Proposal created too long ago, created_at must be greater than ${median}`);
  }

  recent.set(key, proposalId);
  const window = serviceConfig.get()?.recent_cose_proposals_window_size ?? DEFAULT_WINDOW;
  for (const oldest of keys.slice(0, Math.max(0, keys.length - (window - 1)))) recent.delete(oldest);
}
