import { getPast } from "../historical.js";
import { path, type Session } from "../session.js";
import type { ProposalState } from "./proposal.js";

/** A transaction that wrote a proposal or a vote on it, and the state that the proposal was in afterwards. */
export type ProposalStep = { readonly seqno: number; readonly proposalState: ProposalState };

/** The steps of a proposal in their order, also of one that CCF has deleted since. */
export async function getProposalHistory({ transport }: Session, proposalId: string): Promise<ProposalStep[]> {
  type Page = { readonly value: readonly ProposalStep[]; readonly nextLink?: string };
  const steps: ProposalStep[] = [];
  let address: string | undefined = path`/app/proposals/${proposalId}/historical`;
  while (address !== undefined) {
    const page: Page = await getPast(transport, address);
    steps.push(...page.value);
    address = page.nextLink;
  }
  return steps;
}
