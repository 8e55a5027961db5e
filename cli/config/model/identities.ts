import { CommandError } from "../../failure.js";
import type { Config, Endpoint, Identity } from "./specification.js";

/** The identity that every clean room has: governance gives it tokens for its attestation evidence. */
export const attestedIdentity: Identity = attestedAs({ name: "cleanroom_cgs_oidc", clientId: "", tenantId: "" });

type Who = { readonly name: string; readonly clientId: string; readonly tenantId: string };

/** An identity that proves itself by attestation evidence alone. */
export function attestedAs({ name, clientId, tenantId }: Who, url = "https://cgs/oidc"): Identity {
  const issuer = endpoint("Attested_OIDC", url);
  return { name, clientId, tenantId, tokenIssuer: { issuerType: "AttestationBasedTokenIssuer", issuer } };
}

/** A managed identity or application of a tenant, which the tokens of another identity are exchanged for. */
export function federatedIdentity(
  { name, clientId, tenantId }: Who,
  backing: Identity = attestedIdentity,
  url = "https://AzureAD",
): Identity {
  const issuer = endpoint("AzureAD_Federated", url);
  return {
    name,
    clientId,
    tenantId,
    tokenIssuer: { issuerType: "FederatedIdentityBasedTokenIssuer", issuer, federatedIdentity: backing },
  };
}

/** An application of a tenant whose password lies in a vault. */
export function secretIdentity(
  { name, clientId, tenantId }: Who,
  secret: { readonly name: string; readonly vaultUrl: string },
  backing: Identity = attestedIdentity,
): Identity {
  return {
    name,
    clientId,
    tenantId,
    tokenIssuer: {
      issuerType: "SecretBasedTokenIssuer",
      issuer: endpoint("AzureAD_Secret", "https://AzureAD"),
      secret: {
        secretType: "Secret",
        backingResource: {
          name: secret.name,
          type: "AzureKeyVault",
          id: secret.name,
          provider: endpoint("AzureKeyVault_Secret", secret.vaultUrl),
        },
      },
      secretAccessIdentity: backing,
    },
  };
}

/** @throws CommandError when there is none of that name */
export function identityIn({ identities }: Config, wanted: string): Identity {
  const found = identities.find(({ name }) => name === wanted);
  if (found) return found;
  throw new CommandError(`there is no identity "${wanted}"; there are: ${identities.map(({ name }) => name).join(", ")}`);
}

export function endpoint(protocol: string, url: string, configuration = ""): Endpoint {
  return { protocol, url, configuration };
}
