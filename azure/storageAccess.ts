import { BlobError } from "./blob.js";
import { azureCliCredential } from "./azureCli.js";
import type { BlobStorageOptions } from "./blobStorage.js";
import type { LocalCloud } from "./localCloud.js";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * How to get at a storage account: one of the local cloud with the key that it has there; one of Azure with what the environment has for
 * it, else as the person who has signed in with `az login`.
 *
 * @throws BlobError for an account that the local cloud does not have
 */
export function storageAccess(endpoint: string, environment: Environment, local?: LocalCloud): BlobStorageOptions {
  if (local && endpoint.startsWith(local.blobs.url)) {
    const account = endpoint.slice(local.blobs.url.length).replace(/\/.*$/, "");
    const key = local.blobs.accounts[account];
    if (key === undefined) throw new BlobError("AccountNotFound", undefined, `the local cloud has no storage account "${account}"`);
    return { access: { kind: "sharedKey", account, key }, ca: local.ca };
  }
  const account = new URL(endpoint).hostname.replace(/\..*$/, "");
  const connection = connectionOf(environment.AZURE_STORAGE_CONNECTION_STRING ?? "");
  const mine = connection.AccountName === account ? connection : {};
  const key = mine.AccountKey ?? environment.AZURE_STORAGE_KEY;
  if (key !== undefined && key !== "") return { access: { kind: "sharedKey", account, key } };
  const token = mine.SharedAccessSignature ?? environment.AZURE_STORAGE_SAS_TOKEN;
  if (token !== undefined && token !== "") return { access: { kind: "sas", token } };
  return { access: { kind: "credential", credential: azureCliCredential() } };
}

/** https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string */
function connectionOf(text: string): Readonly<Record<string, string | undefined>> {
  const parts = text.split(";").map((part) => /^([^=]+)=(.*)$/.exec(part.trim()));
  return Object.fromEntries(parts.flatMap((part) => (part?.[1] === undefined ? [] : [[part[1], part[2] ?? ""]])));
}
