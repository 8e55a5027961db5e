import { handler } from "../http/handler.js";
import { Discovery, DiscoveryQuery } from "../model/issuer.js";
import { issuerFor } from "./issuer.js";

/**
 * GET /oidc/.well-known/openid-configuration: describes the issuer (OpenID Connect Discovery 1.0, section 3).
 *
 * With `tid` it is the document for the issuer of that tenant, as the tenant publishes it at its issuer URL.
 *
 * @throws IssuerUrlNotSet (405)
 */
export const getDiscovery = handler({ query: DiscoveryQuery, returns: Discovery }, ({ query: { tid = "" } }) => {
  const { url, keysUrl } = issuerFor(tid);
  return {
    issuer: url,
    authorization_endpoint: `${url.replace(/\/$/, "")}/authorize`,
    jwks_uri: keysUrl,
    response_types_supported: ["id_token"],
    grant_types_supported: ["implicit"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: ["PS256"],
  };
});
