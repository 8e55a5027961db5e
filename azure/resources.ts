/** What Azure says of a managed identity. */
export type ManagedIdentity = { readonly clientId: string; readonly principalId: string; readonly tenantId: string };

/**
 * The endpoint of a storage account: of `/subscriptions/.../storageAccounts/NAME` that of Azure, or of the local cloud where its URL is
 * given; a URL stays what it is.
 *
 * @throws RangeError when the text is neither
 */
export function blobEndpointOf(id: string, localUrl?: string): string {
  if (/^https?:\/\//.test(id)) return id.endsWith("/") ? id : `${id}/`;
  const [, name] = /\/providers\/Microsoft\.Storage\/storageAccounts\/([a-z0-9]{3,24})\/?$/i.exec(id) ?? [];
  if (name === undefined) throw new RangeError(`${id} is neither the resource id of a storage account nor a URL`);
  return localUrl === undefined ? `https://${name}.blob.core.windows.net/` : `${localUrl}${name}/`;
}

/**
 * The endpoint of a vault or managed HSM, as `blobEndpointOf` has it for storage accounts.
 *
 * @param localUrl `https://127.0.0.1:PORT`
 * @throws RangeError when the text is neither a resource id nor a URL
 */
export function vaultEndpointOf(id: string, localUrl?: string): string {
  if (id.startsWith("https://")) return id.endsWith("/") ? id : `${id}/`;
  const [, type = "", name] = /\/providers\/Microsoft\.KeyVault\/(vaults|managedHSMs)\/([a-z][a-z0-9-]{2,23})\/?$/i.exec(id) ?? [];
  if (name === undefined) throw new RangeError(`${id} is neither the resource id of a vault nor a URL`);
  if (localUrl !== undefined) return `${localUrl}/${name.toLowerCase()}/`;
  return `https://${name}.${type.toLowerCase() === "vaults" ? "vault" : "managedhsm"}.azure.net/`;
}

/** @throws RangeError when the text is no resource id of a managed identity */
export function identityIdIn(id: string): string {
  if (/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/[^/]+$/i.test(id)) {
    return id;
  }
  throw new RangeError(`${id} is not the resource id of a managed identity`);
}
