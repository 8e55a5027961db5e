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
