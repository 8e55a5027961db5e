import { canonicalJson } from "../canonicalJson.js";
import type { Session } from "../session.js";
import { whileTooLong } from "../tooLong.js";
import { getActions, listProposals, propose, vote, type Action, type Proposal } from "./proposal.js";

/**
 * Proposes actions and votes for them. Where an equal proposal is open already, this member's vote joins it: several members can run the
 * same deployment one after the other, and nobody has to repeat one that waits for others. What a busy node has no time for is tried again.
 *
 * @returns the proposal after the vote; `Open` when the votes of others are needed
 */
export function agree(session: Session, actions: readonly Action[]): Promise<Proposal> {
  return whileTooLong(async () => {
    const proposal = (await findOpen(session, actions)) ?? (await propose(session, actions));
    return proposal.proposalState === "Open" ? vote(session, proposal.proposalId, "accept") : proposal;
  });
}

async function findOpen(session: Session, actions: readonly Action[]): Promise<Proposal | undefined> {
  const wanted = canonicalJson(actions);
  const { value } = await listProposals(session);
  for (const proposal of value) {
    if (proposal.proposalState !== "Open") continue;
    const { actions: proposed } = await getActions(session, proposal.proposalId);
    if (canonicalJson(proposed) === wanted) return proposal;
  }
  return undefined;
}
