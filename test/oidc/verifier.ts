import { createRemoteJWKSet, customFetch, jwtVerify, type JWTVerifyResult } from "jose";
import { Agent, fetch } from "undici";

/** What a service that accepts tokens expects of them. */
export type Expected = { readonly issuer: string; readonly audience: string; readonly subject: string };

/** OpenID Connect Discovery 1.0, section 3; `token_endpoint` is required besides, unless the implicit flow is the only one. */
const REQUIRED = [
  "issuer",
  "authorization_endpoint",
  "jwks_uri",
  "response_types_supported",
  "subject_types_supported",
  "id_token_signing_alg_values_supported",
] as const;

type Configuration = Readonly<Record<(typeof REQUIRED)[number], unknown>> & {
  readonly jwks_uri: string;
  readonly id_token_signing_alg_values_supported: string[];
};

/**
 * A service that accepts tokens of an issuer, and knows nothing of it but its URL: it discovers the rest, as OpenID Connect Discovery 1.0
 * has it, over TLS that it verifies with this authority.
 *
 * @throws Error for a document that lacks something; errors of jose for tokens that are not to be accepted
 */
export async function verify(token: string, { issuer, audience, subject }: Expected, authority: string): Promise<JWTVerifyResult> {
  const dispatcher = new Agent({ connect: { ca: authority } });
  const get = (url: string) => fetch(url, { dispatcher });
  try {
    const configuration = (await (await get(`${issuer}/.well-known/openid-configuration`)).json()) as Configuration;
    const missing = REQUIRED.filter((name) => !(name in configuration));
    if (missing.length > 0) throw new Error(`discovery lacks ${missing.join()}`);
    if (configuration.issuer !== issuer) throw new Error("discovery describes another issuer");
    const keys = createRemoteJWKSet(new URL(configuration.jwks_uri), { [customFetch]: get });
    return await jwtVerify(token, keys, {
      algorithms: configuration.id_token_signing_alg_values_supported,
      typ: "JWT",
      issuer,
      audience,
      subject,
      requiredClaims: ["aud", "exp", "iat", "iss", "jti", "nbf", "sub"],
      maxTokenAge: 3600,
    });
  } finally {
    await dispatcher.close();
  }
}
