import { rest, type Reach } from "./rest.js";
import type { Credential } from "./tokens.js";

/** An application or a managed identity, at the authority that issues its tokens. */
export type Client = Reach & {
  /** `https://login.microsoftonline.com`, or the token service of a local cloud. */
  readonly authority: string;
  readonly tenantId: string;
  readonly clientId: string;
};

export const PUBLIC_AUTHORITY = "https://login.microsoftonline.com";

/** Milliseconds of validity below which a token is fetched anew. */
const MARGIN = 5 * 60_000;

/**
 * A client that shows a token of another issuer, which it is federated with.
 * https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow#third-case-access-token-request-with-a-federated-credential
 *
 * @param assertion a fresh token of that issuer, asked for whenever an access token is fetched
 */
export function federatedCredential(client: Client, assertion: () => Promise<string>): Credential {
  return clientCredential(client, async () => ({
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: await assertion(),
  }));
}

/** A client that knows a secret. */
export function secretCredential(client: Client, clientSecret: string): Credential {
  return clientCredential(client, () => Promise.resolve({ client_secret: clientSecret }));
}

type Token = { readonly value: string; /** Milliseconds since 1970. */ readonly expiresAt: number };

/** @throws CloudError of `token`, and whatever `proof` throws */
function clientCredential({ authority, tenantId, clientId, ...reach }: Client, proof: () => Promise<Record<string, string>>): Credential {
  const call = rest(reach);
  const known = new Map<string, Token>();
  return {
    token: async (scope) => {
      const before = known.get(scope);
      if (before && before.expiresAt - Date.now() > MARGIN) return before.value;
      const form = { grant_type: "client_credentials", client_id: clientId, scope, ...(await proof()) };
      const { access_token: value, expires_in: seconds } = (await call("POST", `${authority}/${tenantId}/oauth2/v2.0/token`, {
        form,
      })) as { access_token: string; expires_in: number };
      known.set(scope, { value, expiresAt: Date.now() + seconds * 1000 });
      return value;
    },
  };
}
