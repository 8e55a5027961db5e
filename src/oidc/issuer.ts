import { ApiError } from "../http/errors.js";
import { own } from "../encoding/own.js";
import { oidcIssuer, tenantIssuerUrls } from "../kv/tables.js";

export type Issuer = {
  readonly url: string;
  /** Where the keys are published. */
  readonly keysUrl: string;
};

const below = (url: string, path: string): string => (url.endsWith("/") ? url : `${url}/`) + path;

/** Where the set-up of the public service has tenants publish the keys. */
const tenantIssuer = (url: string): Issuer => ({ url, keysUrl: below(url, "openid/v1/jwks") });

const serviceIssuer = (url: string): Issuer => ({ url, keysUrl: below(url, "keys") });

/** The issuers that a token for a tenant may name, the preferred one first: the tenant's own, then that of the service. */
export function issuersFor(tenantId: string): Issuer[] {
  const [tenantUrl, serviceUrl] = [tenantIssuerUrls.get(tenantId), oidcIssuer.get("issuerUrl")];
  return [...(tenantUrl ? [tenantIssuer(tenantUrl)] : []), ...(serviceUrl ? [serviceIssuer(serviceUrl)] : [])];
}

/**
 * The issuer that a token for a tenant names.
 *
 * @param url the issuer that was asked for; the preferred one when absent or empty
 * @throws ApiError IssuerUrlNotSet, InvalidInput
 */
export function issuerFor(tenantId: string, url?: string): Issuer {
  const issuers = issuersFor(tenantId);
  if (issuers.length === 0) throw new ApiError("IssuerUrlNotSet");
  const issuer = url ? issuers.find((one) => one.url === url) : issuers[0];
  if (!issuer) throw new ApiError("InvalidInput", "query/iss must be the issuer URL of the tenant or of the service");
  return issuer;
}

/** The tenant of a member or user, which governance wrote into the data of that person. One with NUL is none: CCF would cut it there. */
export function tenantIdOf(data: unknown): string | undefined {
  const tenantId = own(data, "tenantId");
  return typeof tenantId === "string" && tenantId && !tenantId.includes("\0") ? tenantId : undefined;
}
