import { createHash } from "node:crypto";
import { getServiceInfo } from "./governance/service.js";
import type { Action } from "./governance/proposal.js";
import { readCertificate } from "./identity.js";
import { getJson, write, type Session } from "./session.js";

/** Whether the service issues tokens, and whom they name as their issuer. */
export type IssuerInfo = {
  readonly enabled: boolean;
  /** The issuer of the service. */
  readonly issuerUrl?: string;
  /** The issuer of the tenant of the member who asks. */
  readonly tenantData?: { readonly tenantId: string; readonly issuerUrl: string };
};

export function getIssuerInfo({ transport }: Session): Promise<IssuerInfo> {
  return getJson(transport, "/app/oidc/issuerInfo");
}

/** Sets the issuer of the member's own tenant. @throws ServiceError InvalidUrl (400), NoTenantIdMemberData (400) */
export async function setTenantIssuerUrl(session: Session, url: string): Promise<void> {
  await write(session, "POST", "/app/oidc/setIssuerUrl", { url });
}

/**
 * A name for the keys of a service that all its members come to by themselves, so that their proposals are equal: 32 hex digits of the
 * digest of its certificate.
 */
export async function kidOf(session: Session): Promise<string> {
  const { certificate } = await getServiceInfo(session);
  return createHash("sha256").update(readCertificate(certificate).raw).digest("hex").slice(0, 32);
}

export function enableIssuer(kid: string): Action {
  return { name: "enable_oidc_issuer", args: { kid } };
}

export const rotateIssuerKey: Action = { name: "oidc_issuer_enable_rotate_signing_key", args: {} };

/** The action that names the issuer of the service. */
export function setIssuerUrl(url: string): Action {
  return { name: "set_oidc_issuer_url", args: { issuer_url: url } };
}

/** A JSON Web Key Set (RFC 7517): the keys that verify tokens. */
export type IssuerKeys = { readonly keys: readonly Readonly<Record<"alg" | "use" | "kty" | "kid" | "e" | "n", string>>[] };

/** The keys that a tenant publishes at its issuer. @throws ServiceError SigningKeyNotAvailable (405) */
export function getIssuerKeys({ transport }: Session): Promise<IssuerKeys> {
  return getJson(transport, "/app/oidc/keys");
}
