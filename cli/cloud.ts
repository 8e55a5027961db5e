import type { Io } from "./io.js";
import { home } from "./profile.js";
import type { BlobAccount } from "../azure/blob.js";
import type { ManagedIdentity } from "../azure/resources.js";
import type { Vault } from "../azure/vault.js";

/** The cloud that a person's resources are in. Ids are those of Azure Resource Manager, or plain URLs. */
export type Cloud = {
  /** `https://ACCOUNT.blob.core.windows.net/` */
  readonly blobEndpointOf: (id: string) => string;
  /** `https://VAULT.vault.azure.net/` */
  readonly vaultEndpointOf: (id: string) => string;
  readonly identityOf: (id: string) => Promise<ManagedIdentity>;
  readonly blobs: (endpoint: string) => BlobAccount;
  readonly vault: (endpoint: string) => Vault;
};

/** The cloud to work with: a local one while it runs, else Azure. What speaks to it is loaded when it is needed. */
export async function cloudOf({ cloud, ...io }: Io): Promise<Cloud> {
  if (cloud) return cloud;
  const { openCloud } = await import("../azure/cloud.js");
  return openCloud(home(io), io.env);
}

/** A storage account, in the cloud of the environment. What speaks to it is loaded when it is needed. */
export async function storageAccount(endpoint: string, io: Io): Promise<BlobAccount> {
  if (io.cloud) return io.cloud.blobs(endpoint);
  const [{ blobStorage }, { storageAccess }, { readLocalCloud }] = await Promise.all([
    import("../azure/blobStorage.js"),
    import("../azure/storageAccess.js"),
    import("../azure/localCloud.js"),
  ]);
  return blobStorage(endpoint, storageAccess(endpoint, io.env, await readLocalCloud(home(io))));
}
