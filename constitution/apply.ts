import { type Plan, definitionOf } from "./action.js";
import { readProposal } from "./proposal.js";

/*! CCF calls this when a proposal is accepted. If it throws, nothing of the proposal happens, and the last vote does not count. */
export function apply(proposal: string, proposalId: string): void {
  const plan: Plan = new Map();
  const { actions, problems } = readProposal(proposal);
  if (problems.length > 0) throw new Error(problems.join(", "));
  for (const { name, args } of actions) {
    const definition = definitionOf(name);
    if (!definition) throw new Error(`${name}: no such action`);
    definition.apply(args, plan, proposalId);
  }
}
