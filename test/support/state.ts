import type { Contract } from "../../client/contracts.js";
import { listMembers, type Member } from "../../client/governance/members.js";
import { listProposals, type Proposal } from "../../client/governance/proposal.js";
import { getJson, governance, path } from "../../client/session.js";
import type { Party } from "./party.js";

export type State = {
  readonly contracts: readonly Contract[];
  /** The open ones and the one closed last, with their votes. */
  readonly proposals: { readonly value: readonly Proposal[] };
  readonly members: { readonly value: readonly Member[] };
  readonly users: unknown;
};

/**
 * All that a request could have changed and that a member can see. A version changes with every write, so a contract that was written
 * again with the same text shows as well.
 */
export async function stateSeenBy({ session }: Party): Promise<State> {
  const { transport } = session;
  const { value } = await getJson<{ value: readonly { id: string }[] }>(transport, "/app/contracts");
  return {
    contracts: await Promise.all(value.map(({ id }) => getJson<Contract>(transport, path`/app/contracts/${id}`))),
    proposals: await listProposals(session),
    members: await listMembers(session),
    users: await getJson(transport, governance("/gov/service/users")),
  };
}
