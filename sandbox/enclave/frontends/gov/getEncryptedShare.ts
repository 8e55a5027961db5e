import { memberName, requireId } from "../../gov/ids.js";
import { tables } from "../../gov/tables.js";
import { CcfError } from "../../http/errors.js";
import { json, type HttpResponse } from "../../http/message.js";
import type { EndpointCall } from "../endpoint.js";

/** GET /recovery/encrypted-shares/{memberId}: base64, for the member's encryption key. @throws CcfError InvalidResourceName, ResourceNotFound */
export function getEncryptedShare({ params, tx }: EndpointCall): HttpResponse {
  const memberId = requireId(params.memberId, "member");
  const encryptedShare = tables(tx).recoveryShares.get()?.encrypted_shares[memberId];
  if (encryptedShare === undefined) {
    throw new CcfError("ResourceNotFound", `Recovery share not found for member ${memberName(memberId)}.`);
  }
  return json(200, { encryptedShare, memberId });
}
