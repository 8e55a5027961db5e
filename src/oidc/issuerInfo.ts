import { handler } from "../http/handler.js";
import { oidcIssuer, tenantIssuerUrls } from "../kv/tables.js";
import { IssuerInfo } from "../model/issuer.js";
import { isEnabled } from "../signing/key.js";
import { tenantIdOf } from "./issuer.js";

/** GET and POST /oidc/issuerInfo: whether tokens are issued, and the issuers of the service and of the caller's tenant. */
export const getIssuerInfo = handler({ returns: IssuerInfo, callers: ["member_cert", "user_cert"] }, ({ caller }) => {
  const issuerUrl = oidcIssuer.get("issuerUrl");
  const tenantId = tenantIdOf(caller.data);
  const tenantUrl = tenantId === undefined ? undefined : tenantIssuerUrls.get(tenantId);
  return {
    enabled: isEnabled(oidcIssuer),
    ...(issuerUrl && { issuerUrl }),
    ...(tenantId !== undefined && tenantUrl && { tenantData: { tenantId, issuerUrl: tenantUrl } }),
  };
});
