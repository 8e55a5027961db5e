import type { SignedRequest } from "../../auth/cose.js";
import { jsonType, parseBody } from "../../gov/body.js";
import type { GovernanceContext } from "../../gov/context.js";
import { memberName } from "../../gov/ids.js";
import { issueRecoveryShares } from "../../gov/shares.js";
import { tables, type MemberInfo } from "../../gov/tables.js";
import { CcfError } from "../../http/errors.js";
import type { HttpResponse } from "../../http/message.js";
import type { Transaction } from "../../kv/transaction.js";
import type { EndpointCall } from "../endpoint.js";
import { requireOwnStateDigest } from "./signedIds.js";

/**
 * POST /members/state-digests/{memberId}:ack: the member has seen the state, and is Active from now on.
 *
 * @throws CcfError InvalidAuthenticationInfo, AuthorizationFailed, InvalidInput, StateDigestMismatch, InternalError
 */
export const ackStateDigest =
  (context: GovernanceContext) =>
  ({ params, tx }: EndpointCall, signer: SignedRequest): HttpResponse => {
    const memberId = requireOwnStateDigest(params.memberId, signer);
    const { memberAcks, memberInfo } = tables(tx);
    const ack = memberAcks.get(memberId);
    if (!ack) throw new CcfError("AuthorizationFailed", `No ACK record exists for member ${memberName(memberId)}.`);

    const expected = ack.state_digest;
    const received = digestOf(signer.content);
    if (received !== expected) {
      const message = `Submitted state digest is not valid.\nExpected\n ${expected}\nReceived\n ${received}`;
      throw new CcfError("StateDigestMismatch", message);
    }
    memberAcks.set(memberId, { ...ack, cose_sign1_req: Buffer.from(signer.envelope).toString("base64") });

    const info = memberInfo.get(memberId);
    if (!info) {
      const message = `Error activating member: Member ${memberName(memberId)} cannot be activated as they do not exist`;
      throw new CcfError("InternalError", message);
    }
    memberInfo.set(memberId, { ...info, status: "Active" });
    if (info.status !== "Active") shareWith(context, tx, memberId, info);
    return { status: 204, headers: {} };
  };

/** A recovery member who joins an open service gets a share at once. */
function shareWith(context: GovernanceContext, tx: Transaction, memberId: string, info: MemberInfo): void {
  const { memberEncryptionKeys, serviceInfo } = tables(tx);
  const takesPart = memberEncryptionKeys.has(memberId) && info.recovery_role !== "NonParticipant";
  if (!takesPart || serviceInfo.get()?.status !== "Open") return;
  try {
    issueRecoveryShares(context, tx);
  } catch (error) {
    throw new CcfError("InternalError", `Error issuing new recovery shares: ${(error as Error).message}`);
  }
}

function digestOf(content: Uint8Array): string {
  const body = parseBody(content);
  if (typeof body !== "object" || Array.isArray(body)) {
    const message = `[json.exception.type_error.305] cannot use operator[] with a string argument with ${jsonType(body)}`;
    throw new CcfError("InvalidInput", message);
  }
  const digest = (body as { readonly stateDigest?: unknown } | null)?.stateDigest;
  if (typeof digest === "string") return digest;
  throw new CcfError("InvalidInput", `[json.exception.type_error.302] type must be string, but is ${jsonType(digest)}`);
}
