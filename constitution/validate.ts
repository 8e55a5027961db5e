import { type Plan, definitionOf } from "./action.js";
import { type Action, readProposal, reasonOf } from "./proposal.js";

/*! CCF calls this when a proposal is made. A proposal that is not valid is refused with the description, and nothing is stored. */
export function validate(proposal: string): { valid: boolean; description: string } {
  const { actions, problems } = readProposal(proposal);
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
