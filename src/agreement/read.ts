import { openProposalsOn, proposedArguments } from "../kv/proposals.js";
import { versionOf } from "../kv/version.js";
import type { Agreement, View } from "./agreement.js";

/** @throws ApiError ViewNotKnown (503) */
export function readAccepted<V extends object>({ accepted, content }: Agreement<V>, id: string): View<V> | undefined {
  const row = accepted.get(id);
  const version = row && versionOf(accepted, id);
  if (!version) return undefined;
  const { proposalId, finalVotes = {} } = row;
  return {
    id,
    state: "Accepted",
    version,
    ...content(row),
    proposalId,
    finalVotes: Object.entries(finalVotes).map(([memberId, vote]) => ({ memberId, vote })),
  };
}

/** What the members vote on: content and version are those of the proposal, whatever has become of the draft since. */
function proposed<V extends object>({ actions, argument, content }: Agreement<V>, id: string): View<V> | undefined {
  for (const action of actions) {
    const [proposalId] = openProposalsOn(action, id);
    if (proposalId === undefined) continue;
    const item = (proposedArguments(proposalId, action, id) as Readonly<Record<string, unknown>>)[argument] ?? {};
    const { version } = item as { readonly version?: unknown };
    return { id, state: "Proposed", ...content(item as V), ...(typeof version === "string" && { version }), proposalId };
  }
  return undefined;
}

function draft<V extends object>({ drafts, content }: Agreement<V>, id: string): View<V> | undefined {
  const row = drafts.get(id);
  const version = row && versionOf(drafts, id);
  return version ? { id, state: "Draft", version, ...content(row), proposalId: "" } : undefined;
}

/**
 * One of its kind, and where it is on its way.
 *
 * @throws ApiError ViewNotKnown (503)
 */
export function read<V extends object>(kind: Agreement<V>, id: string): View<V> | undefined {
  return readAccepted(kind, id) ?? proposed(kind, id) ?? draft(kind, id);
}
