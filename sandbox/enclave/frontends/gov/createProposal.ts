import { createHash } from "node:crypto";
import type { SignedRequest } from "../../auth/cose.js";
import { Constitution, isTruthy } from "../../gov/constitution.js";
import type { GovernanceContext } from "../../gov/context.js";
import { describeProposal, recordSignedMessage } from "../../gov/proposals.js";
import { admitOnce } from "../../gov/replay.js";
import { resolveProposal } from "../../gov/resolution.js";
import { tables, type ProposalInfo } from "../../gov/tables.js";
import { CcfError } from "../../http/errors.js";
import { json, type HttpResponse } from "../../http/message.js";
import type { EndpointCall } from "../endpoint.js";

/**
 * POST /members/proposals:create: validates and stores a proposal, and resolves it at once, without ballots.
 *
 * The id binds the signature to the ledger that the proposer's node had: hex SHA-256 of Merkle root and SHA-256 of the signature.
 *
 * @throws CcfError ProposalFailedToValidate, InvalidCreatedAt, ProposalReplay, ProposalCreatedTooLongAgo, InternalError
 */
export const createProposal =
  (context: GovernanceContext) =>
  ({ tx }: EndpointCall, { memberId, content, signature, envelope, createdAt }: SignedRequest): HttpResponse => {
    const { proposals, proposalsInfo } = tables(tx);
    const digest = createHash("sha256").update(signature).digest();
    const id = createHash("sha256").update(context.merkleRoot()).update(digest).digest("hex");
    const text = Buffer.from(content).toString("utf8");

    requireValid(new Constitution(context.engine, tx), text);
    const info: ProposalInfo = { proposer_id: memberId, state: "Open", ballots: {} };
    proposals.set(id, content);
    proposalsInfo.set(id, info);
    recordSignedMessage(tx, memberId, envelope);

    admitOnce(tx, createdAt, digest.toString("hex"), id);
    return json(200, describeProposal(id, resolveProposal(context, tx, id, text, info)));
  };

function requireValid(constitution: Constitution, proposal: string): void {
  const verdict = constitution.validate(proposal);
  if (verdict.kind === "threw")
    throw new CcfError("InternalError", `Failed to execute validation: ${verdict.reason} ${verdict.trace ?? ""}`);
  const { type, data } = verdict.value;
  if (type !== "object" && type !== "function") throw new CcfError("InternalError", "Validation failed to return an object");
  const { valid, description } = (data ?? {}) as { readonly valid?: unknown; readonly description?: unknown };
  if (isTruthy({ type: typeof valid, text: "", data: valid })) return;
  throw new CcfError("ProposalFailedToValidate", `Proposal failed to validate: ${typeof description === "string" ? description : ""}`);
}
