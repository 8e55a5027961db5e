import type { Contract } from "../../../../client/contracts.js";
import type { ProposalStep } from "../../../../client/governance/history.js";
import { CommandError } from "../../../failure.js";
import { isObject, readJsonObject } from "../../../json.js";
import type { Receipt } from "../../../../client/receipt.js";

/** A transaction that concerns a contract, and the proof that it is in the ledger. */
export type Recorded = {
  /** `view.seqno` */
  readonly id: string;
  readonly receipt: Receipt;
  /** What is in the ledger, base64; where somebody has the ledger. */
  readonly entry?: string;
};

/** Whoever voted on a contract, or proposed it. */
export type Signer = { readonly memberId: string; readonly identifier?: string; /** PEM */ readonly certificate: string };

/** Everything that shows that a contract was agreed upon; it can be kept, and verified anywhere. */
export type Evidence = {
  readonly contract: Contract;
  readonly signers: readonly Signer[];
  /** What became of the proposal, transaction by transaction. */
  readonly history: readonly ProposalStep[];
  /** The transaction that accepted the contract; with the ledger, besides, those of the proposal and of the votes. */
  readonly transactions: readonly Recorded[];
};

/** @throws CommandError */
export async function readEvidence(file: string): Promise<Evidence> {
  const { contract, signers, history, transactions } = await readJsonObject(file);
  const complete = isObject(contract) && typeof contract.id === "string" && Array.isArray(contract.finalVotes);
  if (complete && [signers, history, transactions].every((list) => Array.isArray(list))) {
    return { contract, signers, history, transactions } as unknown as Evidence;
  }
  throw new CommandError(`${file} is not what --save has written`);
}
