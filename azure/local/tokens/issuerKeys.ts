import type { JSONWebKeySet } from "jose";
import { isLoopbackUrl } from "../../loopback.js";
import { rest } from "../../rest.js";
import { Refused } from "../refused.js";
import type { KeysOf } from "./federation.js";

/**
 * The keys of an issuer, found as OpenID Connect Discovery 1.0 has it, over HTTPS. They are fetched each time: what an issuer withdraws
 * is not believed any longer.
 *
 * @param ca PEM; the only authority whose certificates are believed, for URLs of this machine
 * @throws Refused invalid_client
 */
export function issuerKeys(ca: string): KeysOf {
  const get = rest({ ca });
  return async (issuer) => {
    try {
      const { issuer: named, jwks_uri: keysUrl } = (await get("GET", local(`${issuer}/.well-known/openid-configuration`))) as Document;
      if (named !== issuer) throw new Error(`its discovery document is that of ${String(named)}`);
      if (typeof keysUrl !== "string") throw new Error("its discovery document names no keys");
      const set = await get("GET", local(keysUrl));
      if (!isKeySet(set)) throw new Error("it publishes no keys");
      return set;
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Refused(401, "invalid_client", `AADSTS50166: Request to External OIDC endpoint failed: ${issuer}: ${reason}`, { cause });
    }
  };
}

type Document = { readonly issuer?: unknown; readonly jwks_uri?: unknown };

function local(url: string): string {
  if (URL.canParse(url) && url.startsWith("https:") && isLoopbackUrl(url)) return url;
  throw new Error(`${url} is not an HTTPS URL of this machine, as those that the local cloud asks`);
}

function isKeySet(value: unknown): value is JSONWebKeySet {
  return typeof value === "object" && value !== null && "keys" in value && Array.isArray(value.keys);
}
