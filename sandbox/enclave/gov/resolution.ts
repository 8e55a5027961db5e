import { CcfError } from "../http/errors.js";
import type { Transaction } from "../kv/transaction.js";
import { Constitution, evaluateBallot, isTruthy, type Verdict } from "./constitution.js";
import type { GovernanceContext } from "./context.js";
import { governanceEffects } from "./effects.js";
import { removeOtherClosedProposals } from "./proposals.js";
import { tables, type Failure, type ProposalInfo } from "./tables.js";

const DECISIONS = ["Open", "Accepted", "Rejected"] as const;

/**
 * Evaluates every ballot of a proposal anew, asks the constitution for a decision, and carries it out.
 *
 * Final votes are written before `apply` runs, so that it can read them.
 *
 * @param proposal body of the proposal
 * @returns the proposal as it is stored now
 * @throws CcfError InternalError when a ballot does not compile, when `resolve` or `apply` throws, and when `resolve` answers no state
 */
export function resolveProposal(
  context: GovernanceContext,
  tx: Transaction,
  id: string,
  proposal: string,
  info: ProposalInfo,
): ProposalInfo {
  const { proposalsInfo } = tables(tx);
  const constitution = new Constitution(context.engine, tx);
  const { votes, failures } = evaluateBallots(context, tx, id, proposal, info);
  const list = Object.entries(votes).map(([member_id, vote]) => ({ member_id, vote }));

  const state = decisionOf(constitution.resolve(proposal, info.proposer_id, list, id));
  if (state === "Open") {
    proposalsInfo.set(id, info);
    return info;
  }
  removeOtherClosedProposals(tx, id);
  const closed: ProposalInfo = { ...info, state, final_votes: votes, vote_failures: failures };
  proposalsInfo.set(id, closed);

  if (state === "Accepted") {
    const verdict = constitution.apply(proposal, id, governanceEffects(context, tx));
    if (verdict.kind === "threw") throw failed("apply", verdict);
  }
  return closed;
}

type Ballots = { readonly votes: Readonly<Record<string, boolean>>; readonly failures: Readonly<Record<string, Failure>> };

function evaluateBallots(
  { engine }: GovernanceContext,
  tx: Transaction,
  proposalId: string,
  proposal: string,
  info: ProposalInfo,
): Ballots {
  const votes: Record<string, boolean> = {};
  const failures: Record<string, Failure> = {};
  const ballots = Object.entries(info.ballots).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [memberId, text] of ballots) {
    const verdict = evaluateBallot(engine, tx, { text, memberId, proposal, proposalId, proposerId: info.proposer_id });
    if (verdict.kind === "value") votes[memberId] = isTruthy(verdict.value);
    else failures[memberId] = { reason: verdict.reason, trace: verdict.trace ?? null };
  }
  return { votes, failures };
}

function decisionOf(verdict: Verdict): (typeof DECISIONS)[number] {
  if (verdict.kind === "threw") throw failed("resolve", verdict);
  const { text } = verdict.value;
  const decision = DECISIONS.find((state) => state === text);
  if (!decision) throw new CcfError("InternalError", `resolve() returned invalid status value: "${text}"\nTrace: N/A`);
  return decision;
}

const failed = (step: "resolve" | "apply", { reason, trace }: Extract<Verdict, { kind: "threw" }>): CcfError =>
  new CcfError("InternalError", `Failed to ${step}(): ${reason}\nTrace: ${trace ?? "N/A"}`);
