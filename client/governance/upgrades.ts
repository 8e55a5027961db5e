import type { Session } from "../session.js";
import { getActions, listProposals } from "./proposal.js";

/** Actions that change what a service is: its rules, its application, and where it may run. */
const names = ["set_constitution", "set_js_app", "add_snp_host_data", "remove_snp_host_data"] as const;

export type Upgrade = { readonly proposalId: string; readonly actionName: (typeof names)[number] };

/** Open proposals of upgrades; one of several is named by its first. */
export async function openUpgrades(session: Session): Promise<Upgrade[]> {
  const { value } = await listProposals(session);
  const found: Upgrade[] = [];
  for (const { proposalId } of value.filter(({ proposalState }) => proposalState === "Open")) {
    const { actions } = await getActions(session, proposalId);
    const actionName = actions.flatMap(({ name }) => names.filter((known) => known === name))[0];
    if (actionName) found.push({ proposalId, actionName });
  }
  return found;
}
