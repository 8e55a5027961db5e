import { CcfError } from "../http/errors.js";
import type { GovernanceEffects, GuestValue, Outcome, ScriptEngine } from "../js/host.js";
import type { Transaction } from "../kv/transaction.js";
import { memberName } from "./ids.js";
import { governanceOptions } from "./runtimeOptions.js";
import { tables } from "./tables.js";

/** A vote as `resolve` gets it. */
export type Vote = { readonly member_id: string; readonly vote: boolean };

/** What a script ended with; what CCF treats as an exception of its own has been thrown. */
export type Verdict =
  | { readonly kind: "value"; readonly value: GuestValue }
  | { readonly kind: "threw"; readonly reason: string; readonly trace: string | undefined };

const MODULE = "public:ccf.gov.constitution[0]";

/** The constitution of one transaction. Every call runs in a fresh interpreter. */
export class Constitution {
  readonly #source: string;

  /** @throws CcfError InternalError when there is none */
  constructor(
    private readonly engine: ScriptEngine,
    private readonly tx: Transaction,
  ) {
    const source = tables(tx).constitution.get();
    if (source === undefined) throw new CcfError("InternalError", "No constitution is set - proposals cannot be evaluated");
    this.#source = source;
  }

  validate(proposal: string): Verdict {
    return this.#call("gov-ro", "validate", [proposal]);
  }

  resolve(proposal: string, proposerId: string, votes: readonly Vote[], proposalId: string): Verdict {
    return this.#call("gov-ro", "resolve", [proposal, proposerId, votes, proposalId]);
  }

  apply(proposal: string, proposalId: string, effects: GovernanceEffects): Verdict {
    return this.#call("gov-rw", "apply", [proposal, proposalId], effects);
  }

  #call(context: "gov-ro" | "gov-rw", exportName: string, args: readonly unknown[], effects?: GovernanceEffects): Verdict {
    const { tx } = this;
    const options = governanceOptions(tx);
    const call = { context, tx, source: this.#source, moduleName: MODULE, exportName, args, options, effects };
    return verdictOf(this.engine.callGovernance(call));
  }
}

/** Evaluates a member's ballot. */
export function evaluateBallot(
  engine: ScriptEngine,
  tx: Transaction,
  ballot: {
    readonly text: string;
    readonly memberId: string;
    readonly proposal: string;
    readonly proposalId: string;
    readonly proposerId: string;
  },
): Verdict {
  const outcome = engine.callGovernance({
    context: "gov-ro",
    tx,
    source: ballot.text,
    moduleName: `public:ccf.gov.proposals_info[${ballot.proposalId}].ballots[${memberName(ballot.memberId)}]`,
    exportName: "vote",
    args: [ballot.proposal, ballot.proposerId],
    options: governanceOptions(tx),
  });
  return verdictOf(outcome);
}

/** @throws CcfError InternalError for a fault, which ends the request whatever it is about */
function verdictOf(outcome: Outcome<GuestValue>): Verdict {
  if (outcome.kind === "fault") throw new CcfError("InternalError", outcome.message);
  if (outcome.kind === "value") return outcome;
  const reason = outcome.timedOut ? "Operation took too long to complete." : outcome.reason;
  return { kind: "threw", reason, trace: outcome.trace };
}

/** JavaScript's truth of a guest value: CCF 6.0.7 asks for no more where its documentation says `true`. */
export function isTruthy({ type, data }: GuestValue): boolean {
  return type === "object" || type === "function" || type === "symbol" || Boolean(data);
}
