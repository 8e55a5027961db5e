import { Ajv } from "ajv";
import type { Contract } from "../../../../client/contracts.js";
import type { ProposalStep } from "../../../../client/governance/history.js";
import type { Receipt } from "../../../../client/receipt.js";
import { CommandError } from "../../../failure.js";
import { readJson } from "../../../json.js";

/** A transaction that concerns a contract, and the proof that it is in the ledger. */
export type Recorded = {
  /** `view.seqno` */
  readonly id: string;
  readonly receipt: Receipt;
  /** What is in the ledger, base64; where somebody has the ledger. */
  readonly entry?: string;
};

/** Whoever voted on a contract, or proposed it. No name: nobody has signed one. */
export type Signer = { readonly memberId: string; /** PEM */ readonly certificate: string };

/** Everything that shows that a contract was agreed upon; it can be kept, and verified anywhere. */
export type Evidence = {
  readonly contract: Contract;
  readonly signers: readonly Signer[];
  /** What became of the proposal, transaction by transaction. */
  readonly history: readonly ProposalStep[];
  /** The transaction that accepted the contract; with the ledger, besides, those of the proposal and of the votes. In their order. */
  readonly transactions: readonly Recorded[];
};

const text = { type: "string" };
const digest = { type: "string", pattern: "^[0-9a-f]{64}$" };
const transactionId = { type: "string", pattern: "^[1-9][0-9]*\\.[1-9][0-9]*$" };

/** Exactly these fields: one that is not verified could be taken for one that is. */
const exactly = (fields: Readonly<Record<string, object>>, optional: Readonly<Record<string, object>> = {}): object => ({
  type: "object",
  properties: { ...fields, ...optional },
  required: Object.keys(fields),
  additionalProperties: false,
});
const list = (items: object, more: object = {}): object => ({ type: "array", items, ...more });

const receipt = exactly(
  {
    cert: text,
    node_id: digest,
    leaf_components: exactly({ write_set_digest: digest, commit_evidence: text, claims_digest: digest }),
    proof: list({ type: "object", oneOf: [exactly({ left: digest }), exactly({ right: digest })] }),
    signature: text,
  },
  { service_endorsements: list(text) },
);

const schema = exactly({
  contract: exactly({
    id: text,
    state: { const: "Accepted" },
    version: transactionId,
    data: {},
    proposalId: digest,
    finalVotes: list(exactly({ memberId: digest, vote: { type: "boolean" } }), { uniqueItems: true }),
  }),
  signers: list(exactly({ memberId: digest, certificate: text }), { uniqueItems: true }),
  history: list(exactly({ seqno: { type: "integer" }, proposalState: text })),
  transactions: list(exactly({ id: transactionId, receipt }, { entry: text })),
});

/** @throws CommandError */
export async function readEvidence(file: string): Promise<Evidence> {
  const value = await readJson(file);
  const validate = new Ajv({ strict: true, logger: false }).compile<Evidence>(schema);
  if (validate(value)) return value;
  const [error] = validate.errors ?? [];
  const place = error?.instancePath.slice(1).replaceAll("/", ".") ?? "";
  const { additionalProperty: field } = (error?.params ?? {}) as { readonly additionalProperty?: string };
  const wrong = `${error?.message ?? "it is wrong"}${field === undefined ? "" : ` (${JSON.stringify(field)})`}`;
  throw new CommandError(`${file} is not what --save has written: ${place === "" ? "it" : place} ${wrong}`);
}
