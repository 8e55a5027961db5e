import { createLocalJWKSet, jwtVerify } from "jose";
import { Refused } from "../refused.js";
import { secondsOf, type Signer } from "../signer.js";

/** Who calls a service of the local cloud. */
export type Caller = { readonly principalId: string; readonly clientId: string };

/** Seconds that an access token is good for. */
export const LIFETIME = 3600;

export const issuerAt = (url: string, tenantId: string): string => `${url}/${tenantId}/v2.0`;

/** An access token as Entra writes it, for one resource such as `https://vault.azure.net`. */
export function issueAccessToken(signer: Signer, issuer: string, tenantId: string, caller: Caller, resource: string): Promise<string> {
  const now = secondsOf(new Date());
  const who = { oid: caller.principalId, sub: caller.principalId, appid: caller.clientId, tid: tenantId };
  return signer.sign({ iss: issuer, aud: resource, iat: now, nbf: now, exp: now + LIFETIME, ver: "2.0", ...who });
}

/** Says who calls. @throws Refused Unauthorized */
export type Authenticate = (token: string | undefined, resources: readonly string[]) => Promise<Caller>;

export function authenticator(signer: Signer, issuer: () => string): Authenticate {
  const keys = createLocalJWKSet(signer.keys);
  return async (token, resources) => {
    if (token === undefined) throw new Refused(401, "Unauthorized", "the request has no bearer token");
    try {
      const expected = { algorithms: ["RS256"], issuer: issuer(), audience: [...resources], requiredClaims: ["exp", "oid", "appid"] };
      const { payload } = await jwtVerify(token, keys, expected);
      return { principalId: String(payload.oid), clientId: String(payload.appid) };
    } catch (cause) {
      throw new Refused(401, "Unauthorized", "the bearer token is not one of this cloud for this service", { cause });
    }
  };
}
