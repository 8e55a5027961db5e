import { openUpgrades, type Upgrade } from "../../../client/governance/upgrades.js";
import { propose, type Action, type Proposal } from "../../../client/governance/proposal.js";
import type { Session } from "../../../client/session.js";
import { CommandError } from "../../failure.js";

/**
 * Proposes an upgrade, unless another of its kind waits for votes: it is not clear which of the two its voters want.
 *
 * @throws CommandError
 */
export async function proposeUpgrade(session: Session, action: Action & { readonly name: Upgrade["actionName"] }): Promise<Proposal> {
  const open = (await openUpgrades(session)).find(({ actionName }) => actionName === action.name);
  if (open) throw new CommandError(`an upgrade of this kind is proposed already, by ${open.proposalId}: vote on it, or have it withdrawn`);
  return propose(session, [action]);
}
