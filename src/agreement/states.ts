import { openSubjectsOf } from "../kv/proposals.js";
import { keysOf } from "../kv/rows.js";
import type { Agreement, State } from "./agreement.js";

/** All of a kind by their ids, each with the state that reading it shows. What was drafted or accepted is not read. */
export function statesOf<V extends object>({ drafts, accepted, actions }: Agreement<V>): Map<string, State> {
  const states = new Map<string, State>();
  for (const id of keysOf(drafts)) states.set(id, "Draft");
  for (const action of actions) for (const id of openSubjectsOf(action)) states.set(id, "Proposed");
  for (const id of keysOf(accepted)) states.set(id, "Accepted");
  return states;
}
