import { MAX_DEPTH } from "../src/encoding/json.js";
import { own } from "../src/encoding/own.js";

export type Action = { readonly name: string; readonly args: unknown };

/*! More could not be checked and applied within the time that CCF allows. */
const MAX_ACTIONS = 100;

/** Of the text as a whole; the arguments may have half as many, with a message that names the field. */
const MOST_LEVELS = 2 * MAX_DEPTH;

export type Proposal = { readonly actions: readonly Action[]; readonly problems: readonly string[] };

/*! Reads the text of a proposal, `{"actions": [{"name": ..., "args": {...}}, ...]}`. Never throws: what is wrong becomes a problem. */
export function readProposal(source: string): Proposal {
  const refused = (problem: string): Proposal => ({ actions: [], problems: [`the proposal ${problem}`] });
  if (depthOf(source) > MOST_LEVELS) return refused(`is nested more than ${MOST_LEVELS} levels deep`);
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

/**
 * Levels of lists and objects in a text, also where a field is written twice and so is lost: the application has less stack than this
 * constitution to read it with.
 */
function depthOf(json: string): number {
  let [depth, deepest, quoted] = [0, 0, false];
  for (const part of json.split('"')) {
    if (!quoted)
      for (const bracket of part.match(/[[\]{}]/g) ?? []) deepest = Math.max(deepest, (depth += "[{".includes(bracket) ? 1 : -1));
    let slashes = 0;
    while (part.at(-1 - slashes) === "\\") slashes++;
    if (!quoted || slashes % 2 === 0) quoted = !quoted; // else the quote that follows is a character of the text
  }
  return deepest;
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
