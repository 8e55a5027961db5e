import { handler } from "../http/handler.js";
import { payloadSigningKeys, signing } from "../kv/tables.js";
import { GeneratedKey } from "../model/signingKey.js";
import { requestedKey } from "./key.js";

/**
 * POST /signing/generateSigningKey: makes the key that signs payloads, once for each request of governance; asked again, it answers
 * the same key.
 *
 * @throws SigningNotEnabled (405)
 */
export const generatePayloadSigningKey = handler({ returns: GeneratedKey, callers: ["member_cert"], activeMembers: true }, () => {
  const { reqId, kid } = requestedKey(signing, payloadSigningKeys, "SigningNotEnabled");
  return { reqId, kid };
});
