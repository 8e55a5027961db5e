import { ccf } from "@microsoft/ccf-app/global.js";
import { ApiError } from "../http/errors.js";
import { handler } from "../http/handler.js";
import { oidcSigningKeys } from "../kv/tables.js";
import { Jwks } from "../model/issuer.js";
import { publishedKeys } from "../signing/key.js";

/**
 * GET /oidc/keys: the keys that verify tokens (RFC 7517), the same for all issuers. After a rotation the previous key is still among
 * them, so that the tokens which it signed verify until they expire.
 *
 * @throws SigningKeyNotAvailable (405)
 */
export const getKeys = handler({ returns: Jwks }, () => {
  const published = publishedKeys(oidcSigningKeys);
  if (published.length === 0) throw new ApiError("SigningKeyNotAvailable");
  return {
    keys: published.map(({ kid, publicKey }) => {
      const { kty, e, n } = ccf.crypto.pubRsaPemToJwk(publicKey);
      return { alg: "PS256" as const, use: "sig" as const, kty, kid, e, n };
    }),
  };
});
