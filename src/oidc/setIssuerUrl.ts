import { problemWithIssuerUrl } from "../encoding/issuerUrl.js";
import { ApiError } from "../http/errors.js";
import { handler } from "../http/handler.js";
import { tenantIssuerUrls } from "../kv/tables.js";
import { SetIssuerUrlBody } from "../model/issuer.js";
import { tenantIdOf } from "./issuer.js";

/**
 * POST /oidc/setIssuerUrl: sets the issuer that tokens for the caller's tenant name. Which tenant that is, governance has written into
 * the member's data.
 *
 * @throws InvalidUrl (400), NoTenantIdMemberData (400)
 */
export const setIssuerUrl = handler({ body: SetIssuerUrlBody, callers: ["member_cert"], activeMembers: true }, ({ body, caller }) => {
  const { url } = body;
  if (!url) throw new ApiError("InvalidUrl");
  const problem = problemWithIssuerUrl(url);
  if (problem !== undefined) throw new ApiError("InvalidUrl", `The issuer URL ${problem}.`);

  const tenantId = tenantIdOf(caller.data);
  if (tenantId === undefined) throw new ApiError("NoTenantIdMemberData");
  tenantIssuerUrls.set(tenantId, url);
});
