import { handler } from "../http/handler.js";
import { oidcIssuer, oidcSigningKeys } from "../kv/tables.js";
import { GeneratedKey } from "../model/signingKey.js";
import { requestedKey } from "../signing/key.js";

/**
 * POST /oidc/generateSigningKey: makes the key that signs tokens, once for each request of governance; asked again, it answers the
 * same key.
 *
 * @throws OidcIssuerNotEnabled (405)
 */
export const generateTokenSigningKey = handler({ returns: GeneratedKey, callers: ["member_cert"], activeMembers: true }, () => {
  const { reqId, kid } = requestedKey(oidcIssuer, oidcSigningKeys, "OidcIssuerNotEnabled");
  return { reqId, kid };
});
