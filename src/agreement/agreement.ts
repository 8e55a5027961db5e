import type { Table } from "../kv/table.js";
import type { Agreed } from "../kv/tables.js";

/**
 * A kind of thing that members agree on: contracts, or documents. Drafted by a member, named in an open proposal, accepted for good.
 *
 * @template V what a member writes down
 */
export type Agreement<V extends object> = {
  /** As members last wrote them, by id. */
  readonly drafts: Table<string, V>;
  readonly accepted: Table<string, V & Omit<Agreed, "data">>;
  /** The actions of governance that accept one; more than one where clients name it differently. */
  readonly actions: readonly string[];
  /** The argument of those actions that holds what is voted on. */
  readonly argument: string;
  /** The part of a row, or of that argument, that is shown. */
  readonly content: (row: V) => V;
};

export type State = "Draft" | "Proposed" | "Accepted";

/** What members read, whatever the state. */
export type View<V extends object> = V & {
  readonly id: string;
  readonly state: State;
  readonly version?: string;
  readonly proposalId: string;
  readonly finalVotes?: { readonly memberId: string; readonly vote: boolean }[];
};
