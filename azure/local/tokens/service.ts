import { createHash, timingSafeEqual } from "node:crypto";
import { Refused } from "../refused.js";
import type { Answer, Refusing } from "../serve.js";
import type { Signer } from "../signer.js";
import type { State } from "../state.js";
import { issueAccessToken, issuerAt, LIFETIME, type Caller } from "./accessToken.js";
import { judgeAssertion, type KeysOf } from "./federation.js";

const JWT_BEARER = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

export type TokenService = {
  readonly state: () => State;
  readonly signer: Signer;
  /** `https://127.0.0.1:PORT` */
  readonly url: () => string;
  readonly keysOf: KeysOf;
};

/** As OAuth has it (RFC 6749, section 5.2). */
export const asOauth: Refusing = ({ code, message }) => ({ error: code, error_description: message });

/** What Entra does for clients without a person: `POST /TENANT/oauth2/v2.0/token`, grant client_credentials. */
export function tokenService({ state, signer, url, keysOf }: TokenService): Answer {
  return async ({ method, path, body }) => {
    const { tenantId } = state();
    if (method === "GET" && path === `/${tenantId}/discovery/v2.0/keys`) return signer.keys;
    if (method !== "POST" || path !== `/${tenantId}/oauth2/v2.0/token`) {
      throw new Refused(404, "invalid_request", `AADSTS90002: there is nothing at ${method} ${path}`);
    }
    const form = new URLSearchParams(body);
    if (form.get("grant_type") !== "client_credentials") {
      throw new Refused(400, "unsupported_grant_type", "AADSTS70003: the grant type is client_credentials");
    }
    const caller = await callerOf(form, state(), keysOf);
    const resource = resourceOf(form.get("scope") ?? "");
    const token = await issueAccessToken(signer, issuerAt(url(), tenantId), tenantId, caller, resource);
    return { token_type: "Bearer", expires_in: LIFETIME, access_token: token };
  };
}

/** @throws Refused */
async function callerOf(form: URLSearchParams, { person, identities }: State, keysOf: KeysOf): Promise<Caller> {
  const clientId = form.get("client_id") ?? "";
  if (clientId === person.clientId) {
    if (same(form.get("client_secret") ?? "", person.secret)) return person;
    throw new Refused(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.");
  }
  const identity = Object.values(identities).find((candidate) => candidate.clientId === clientId);
  if (!identity) throw new Refused(400, "unauthorized_client", `AADSTS700016: there is no client ${clientId}`);
  if (form.get("client_assertion_type") !== JWT_BEARER) {
    throw new Refused(400, "invalid_request", `AADSTS900144: client_assertion_type is ${JWT_BEARER}`);
  }
  await judgeAssertion(form.get("client_assertion") ?? "", Object.values(identity.credentials), keysOf, new Date());
  return identity;
}

/** @throws Refused */
function resourceOf(scope: string): string {
  const [, resource] = /^(https:\/\/[a-z0-9.-]+)\/\.default$/.exec(scope) ?? [];
  if (resource !== undefined) return resource;
  throw new Refused(400, "invalid_scope", `AADSTS70011: the scope ${scope} is not RESOURCE/.default`);
}

/** Takes the same time wherever two texts differ. */
function same(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
