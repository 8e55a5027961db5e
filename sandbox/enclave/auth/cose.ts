import { decodeCoseSign1, isSupported, verifyCoseSign1, type CoseSign1, type ParameterList } from "../cose.js";
import { CcfError } from "../http/errors.js";
import type { HttpRequest } from "../http/message.js";
import type { Transaction } from "../kv/transaction.js";
import { userData } from "./certificates.js";
import type { Authentication, AuthenticationInput } from "./policy.js";

const CHALLENGE = 'COSE-SIGN1 realm="Signed request access"';

/** Header parameters of a governance message (CCF documentation, "Proposing and Voting for a Proposal"). */
const GOVERNANCE: ParameterList = {
  type: { label: "ccf.gov.msg.type", type: "text" },
  proposalId: { label: "ccf.gov.msg.proposal_id", type: "text" },
  createdAt: { label: "ccf.gov.msg.created_at", type: "integer", required: "created_at" },
};

/** Header parameters that users may send; they are checked for type only. */
const APPLICATION: ParameterList = {
  type: { label: "ccf.msg.type", type: "text" },
  createdAt: { label: "ccf.msg.created_at", type: "integer" },
};

/** The type of a governance message, `ccf.gov.msg.type`. */
export type MessageType = "proposal" | "ballot" | "withdrawal" | "ack" | "state_digest" | "recovery_share";

/** A governance request whose signature has been verified. */
export type SignedRequest = {
  readonly memberId: string;
  /** `ccf.gov.msg.proposal_id`. */
  readonly proposalId: string | undefined;
  /** `ccf.gov.msg.created_at`: seconds since the epoch, not negative, up to 2^63 - 1. */
  readonly createdAt: bigint;
  readonly content: Uint8Array;
  readonly signature: Uint8Array;
  readonly envelope: Uint8Array;
};

export type MemberPolicy = "member_cose_sign1" | "active_member_cose_sign1";

/**
 * The member who signed a request of the given type, of any status or Active only.
 *
 * @throws CcfError InvalidAuthenticationInfo (401); InternalError (500) for a body that is no COSE message, as CCF answers
 */
export function authenticateMember(policy: MemberPolicy, type: MessageType, request: HttpRequest, tx: Transaction): SignedRequest {
  const answer = signerOf(request, tx, GOVERNANCE, "member");
  if ("refused" in answer) throw refusal(policy, answer.refused);
  const { message, content } = answer;
  const { header } = message;

  const expected = `expected ccf.gov.msg.type to be ${type}`;
  if (header.type === undefined) throw refusal(policy, `Missing ccf.gov.msg.type, ${expected}`);
  if (header.type !== type) throw refusal(policy, `Found ccf.gov.msg.type set to ${header.type}, ${expected}`);
  if (policy === "active_member_cose_sign1" && !isActive(tx, header.kid)) throw refusal(policy, "Signer is not an ACTIVE member");

  const { proposalId, createdAt } = header;
  return {
    memberId: header.kid,
    proposalId: typeof proposalId === "string" ? proposalId : undefined,
    createdAt: BigInt(createdAt ?? 0n),
    content,
    signature: message.signature,
    envelope: message.envelope,
  };
}

/** `user_cose_sign1`: the user who signed the body of an application request. @throws CcfError InternalError as for members */
export function userCoseSign1({ request, tx }: AuthenticationInput): Authentication {
  const answer = signerOf(request, tx, APPLICATION, "user");
  if ("refused" in answer) return { refused: answer.refused, challenge: CHALLENGE };
  const { message, content, certificate } = answer;
  const id = message.header.kid;
  return { caller: { policy: "user_cose_sign1", id, data: userData(tx, id), cert: certificate, cose: { content } } };
}

type Signer = { readonly message: CoseSign1; readonly content: Uint8Array; readonly certificate: string };

function signerOf(
  request: HttpRequest,
  tx: Transaction,
  parameters: ParameterList,
  kind: "member" | "user",
): Signer | { readonly refused: string } {
  const contentType = request.headers["content-type"];
  if (contentType === undefined) return { refused: "Missing content-type header" };
  if (contentType !== "application/cose") return { refused: "Content type is not set to application/cose" };

  const message = decodeCoseSign1(request.body, parameters);
  if (BigInt(message.header.createdAt ?? 0n) < 0n) throw new CcfError("InternalError", "Header parameter created_at must be positive");
  if (!isSupported(message.header.alg)) return { refused: `Unsupported algorithm: ${message.header.alg.toString()}` };

  const row = tx.table(`public:ccf.gov.${kind}s.certs`).get(Buffer.from(message.header.kid, "latin1"));
  if (!row) return { refused: `Signer is not a known ${kind}` };
  const certificate = Buffer.from(row).toString();
  if (message.payload === undefined || !verifyCoseSign1(message, certificate)) return { refused: "Failed to validate COSE Sign1" };
  return { message, content: message.payload, certificate };
}

function isActive(tx: Transaction, memberId: string): boolean {
  const row = tx.table("public:ccf.gov.members.info").get(Buffer.from(memberId, "latin1"));
  return row !== undefined && (JSON.parse(Buffer.from(row).toString()) as { status?: unknown }).status === "Active";
}

const refusal = (policy: MemberPolicy, message: string): CcfError =>
  new CcfError("InvalidAuthenticationInfo", "Invalid authentication credentials.", {
    headers: { "www-authenticate": CHALLENGE },
    details: [{ auth_policy: policy, code: "InvalidAuthenticationInfo", message }],
  });
