import type { SignedRequest } from "../../auth/cose.js";
import { tables } from "../../gov/tables.js";
import { CcfError } from "../../http/errors.js";
import { json, type HttpResponse } from "../../http/message.js";
import type { EndpointCall } from "../endpoint.js";
import { requireOwnStateDigest } from "./signedIds.js";

/**
 * POST /members/state-digests/{memberId}:update: records the root that was signed last, for the member to acknowledge.
 *
 * @throws CcfError InvalidAuthenticationInfo, InternalError before the first signature
 */
export function updateStateDigest({ params, tx }: EndpointCall, signer: SignedRequest): HttpResponse {
  const memberId = requireOwnStateDigest(params.memberId, signer);
  const { memberAcks, signature } = tables(tx);
  const stateDigest = signature.get()?.root;
  if (stateDigest === undefined) throw new CcfError("InternalError", "Service has no signatures to ack yet - try again soon.");
  memberAcks.set(memberId, { ...memberAcks.get(memberId), state_digest: stateDigest });
  return json(200, { memberId, stateDigest });
}
