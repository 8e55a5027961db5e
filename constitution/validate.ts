import { type Plan, definitionOf } from "./action.js";
import { type Action, type Proposal, readProposal, reasonOf } from "./proposal.js";

/*! With less of the stack than anything has that reads the proposal later: what is nested too deeply for that is refused now. */
const readWithin = (proposal: string, frames: number): Proposal => (frames > 0 ? readWithin(proposal, frames - 1) : readProposal(proposal));

/*! CCF calls this when a proposal is made. A proposal that is not valid is refused with the description, and nothing is stored. */
export function validate(proposal: string): { valid: boolean; description: string } {
  const { actions, problems } = readWithin(proposal, 50);
  const plan: Plan = new Map();
  const all = [...problems, ...actions.flatMap((action, position) => problemsOf(action, position, plan))];
  return { valid: all.length === 0, description: all.join(", ") };
}

function problemsOf({ name, args }: Action, position: number, plan: Plan): string[] {
  const definition = definitionOf(name);
  if (!definition) return [`${name}: no such action`];
  try {
    definition.validate(args, plan);
    return [];
  } catch (error) {
    return [`${name} at position ${position} failed validation: ${reasonOf(error)}`];
  }
}
