import { own } from "../src/encoding/own.js";

export type Action = { readonly name: string; readonly args: unknown };

/*! More could not be checked and applied within the time that CCF allows. */
const MAX_ACTIONS = 100;

export type Proposal = { readonly actions: readonly Action[]; readonly problems: readonly string[] };

/*! Reads the text of a proposal, `{"actions": [{"name": ..., "args": {...}}, ...]}`. Never throws: what is wrong becomes a problem. */
export function readProposal(source: string): Proposal {
  const refused = (problem: string): Proposal => ({ actions: [], problems: [`the proposal ${problem}`] });
  let proposal: unknown;
  try {
    proposal = JSON.parse(source);
  } catch (error) {
    return refused(`is not JSON: ${reasonOf(error)}`);
  }
  const items = own(proposal, "actions");
  if (!Array.isArray(items)) return refused("has no list of actions");
  if (items.length === 0) return refused("has no actions");
  if (items.length > MAX_ACTIONS) return refused(`has ${items.length} actions, more than ${MAX_ACTIONS}`);

  const actions: Action[] = [];
  const problems: string[] = [];
  for (const [position, item] of items.entries()) {
    const name = own(item, "name");
    if (typeof name === "string") actions.push({ name, args: own(item, "args") });
    else problems.push(`the action at position ${position} has no name`);
  }
  return { actions, problems };
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
