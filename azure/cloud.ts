import { attest, type SnpEvidence } from "./attestation.js";
import { CloudError } from "./cloudError.js";
import { azureCliCredential, azureCliSubscription } from "./azureCli.js";
import type { BlobAccount } from "./blob.js";
import { blobStorage } from "./blobStorage.js";
import { federatedCredential, PUBLIC_AUTHORITY, secretCredential } from "./entra.js";
import { assignHsmRole, isHsmRole } from "./hsmAccess.js";
import { keyVault } from "./keyVault.js";
import { LOCAL_SUBSCRIPTION, readLocalCloud, type LocalCloud } from "./localCloud.js";
import { management, PUBLIC_MANAGEMENT, type Management } from "./management.js";
import { blobEndpointOf, identityIdIn, vaultEndpointOf, type ManagedIdentity } from "./resources.js";
import { storageAccess } from "./storageAccess.js";
import type { Credential } from "./tokens.js";
import type { Vault } from "./vault.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** Azure, or the local cloud that stands in for it. */
export type AnyCloud = {
  readonly kind: "azure" | "local";
  /** PEM of the authority that is trusted besides the system's, for URLs of this machine; of a local cloud only. */
  readonly ca?: string;
  /** The attestation service that a local cloud has of its own. */
  readonly attestationEndpoint?: string;
  /** Of a resource id or URL. @throws CloudError InvalidResource */
  readonly blobEndpointOf: (id: string) => string;
  /** Of a resource id or URL. @throws CloudError InvalidResource */
  readonly vaultEndpointOf: (id: string) => string;
  /** @throws CloudError */
  readonly identityOf: (id: string) => Promise<ManagedIdentity>;
  /** As the person, unless another is given. A local cloud knows accounts by their keys alone: its blobs ask for no token. */
  readonly blobs: (endpoint: string, as?: Credential) => BlobAccount;
  /** As the person, unless another is given. */
  readonly vault: (endpoint: string, as?: Credential) => Vault;
  readonly management: () => Management;
  /** Gives a role for a resource to an identity; one that is given stays. @throws CloudError */
  readonly grant: Management["assignRole"];
  /** The id of the subscription that the person works in: `AZURE_SUBSCRIPTION_ID`, else that of `az login`. @throws CloudError NoLogin */
  readonly subscription: () => Promise<string>;
  /** An identity that shows tokens of another issuer. @param assertion a fresh one of these */
  readonly federated: (identity: Pick<ManagedIdentity, "clientId" | "tenantId">, assertion: () => Promise<string>) => Credential;
  /** Lets an attestation service judge evidence. @returns its token @throws CloudError */
  readonly attest: (endpoint: string, evidence: SnpEvidence) => Promise<string>;
};

/**
 * The local cloud where one runs; otherwise Azure, as the person who has signed in with `az login`.
 *
 * @param home where the command keeps what it remembers
 * @param signal ends calls of its services, and waiting between their repetitions
 * @throws Error for a local cloud that is not on this machine
 */
export async function openCloud(home: string, environment: Environment, signal?: AbortSignal): Promise<AnyCloud> {
  return cloudAt(await readLocalCloud(home), environment, signal);
}

/** @param local undefined for Azure */
export function cloudAt(local: LocalCloud | undefined, environment: Environment = {}, signal?: AbortSignal): AnyCloud {
  const { services } = local ?? {};
  const ca = local?.ca;
  const reach = { ca, signal };
  const authority = services?.tokens ?? PUBLIC_AUTHORITY;
  const login = services?.login;
  const person = login ? secretCredential({ authority, ...login, ...reach }, login.secret) : azureCliCredential();
  const resources = management(services?.management ?? PUBLIC_MANAGEMENT, { credential: person, ...reach });
  return {
    kind: local ? "local" : "azure",
    ...(ca !== undefined && { ca }),
    ...(services && { attestationEndpoint: services.attestation }),
    blobEndpointOf: (id) => named(() => blobEndpointOf(id, local?.blobs.url)),
    vaultEndpointOf: (id) => named(() => vaultEndpointOf(id, services?.vaults)),
    identityOf: async (id) => resources.identity(named(() => identityIdIn(id))),
    blobs: (endpoint, as) =>
      blobStorage(endpoint, {
        ...(as && !local ? { access: { kind: "credential", credential: as } } : storageAccess(endpoint, environment, local)),
        signal,
      }),
    vault: (endpoint, as = person) => keyVault(endpoint, { credential: as, ...reach }),
    management: () => resources,
    grant: async (scope, principalId, role) => {
      if (!isHsmRole(role)) return resources.assignRole(scope, principalId, role);
      const endpoint = named(() => vaultEndpointOf(scope, services?.vaults));
      return assignHsmRole(endpoint, { credential: person, ...reach }, principalId, role);
    },
    subscription: async () => {
      const { AZURE_SUBSCRIPTION_ID: named = "" } = environment;
      if (local) return LOCAL_SUBSCRIPTION;
      return named === "" ? azureCliSubscription() : named;
    },
    federated: ({ clientId, tenantId }, assertion) => federatedCredential({ authority, tenantId, clientId, ...reach }, assertion),
    attest: (endpoint, evidence) => attest(endpoint, evidence, reach),
  };
}

/** @throws CloudError in the place of a RangeError */
function named(read: () => string): string {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof RangeError ? new CloudError("InvalidResource", undefined, cause.message, { cause }) : cause;
  }
}
