import { isDeepStrictEqual } from "node:util";
import { BlobError } from "../../azure/blob.js";
import { CloudError } from "../../azure/cloudError.js";
import type { AnyCloud } from "../../azure/cloud.js";
import { rest } from "../../azure/rest.js";
import type { IssuerKeys } from "../../client/issuer.js";
import { CommandError } from "../failure.js";

/** What an issuer publishes: who it is (OpenID Connect Discovery 1.0), and its keys (RFC 7517). */
export type Documents = { readonly issuer: string; readonly discovery: { readonly jwks_uri: string }; readonly keys: IssuerKeys };

export const CONTAINER = "cgs-oidc";
const DISCOVERY = ".well-known/openid-configuration";
const KEYS = "openid/v1/jwks";

/** The documents of an issuer whose tokens the service signs, as the service describes them itself. */
export function documentsFor(issuer: string, keys: IssuerKeys): Documents {
  const base = issuer.replace(/\/$/, "");
  const discovery = {
    issuer,
    authorization_endpoint: `${base}/authorize`,
    jwks_uri: `${base}/${KEYS}`,
    response_types_supported: ["id_token"],
    grant_types_supported: ["implicit"],
    subject_types_supported: ["public"],
    id_token_signing_alg_values_supported: [...new Set(keys.keys.map(({ alg }) => alg))],
  };
  return { issuer, discovery, keys };
}

/** Whether everybody finds the documents at the issuer, with the keys of the service and no others. */
export async function isPublished({ issuer, discovery, keys }: Documents, { ca }: AnyCloud): Promise<boolean> {
  const get = rest({ ca });
  try {
    const base = issuer.replace(/\/$/, "");
    const found = (await get("GET", `${base}/${DISCOVERY}`)) as { issuer?: unknown; jwks_uri?: unknown };
    if (found.issuer !== issuer || found.jwks_uri !== discovery.jwks_uri) return false;
    return isDeepStrictEqual(await get("GET", discovery.jwks_uri), keys);
  } catch (error) {
    if (error instanceof CloudError) return false;
    throw error;
  }
}

/** A place in a storage account. */
type Place = { readonly endpoint: string; readonly container: string; readonly folder: string };

/**
 * Writes the documents to where the issuer is.
 *
 * @param known endpoint of an account of this cloud
 * @returns false where that is in no storage account of this cloud
 * @throws BlobError, CommandError
 */
export async function publish({ issuer, discovery, keys }: Documents, known: string, cloud: AnyCloud): Promise<boolean> {
  const place = placeOf(issuer, known, cloud.kind);
  if (!place) return false;
  const account = cloud.blobs(place.endpoint);
  const container = account.container(place.container);
  const put = async (name: string, content: unknown): Promise<void> => {
    const bytes = Buffer.from(`${JSON.stringify(content, null, 2)}\n`);
    await container.put(`${place.folder}/${name}`, bytes, { contentType: "application/json" });
  };
  try {
    await put(KEYS, keys);
  } catch (error) {
    if (!(error instanceof BlobError && error.code === "ContainerNotFound")) throw error;
    await createPublic(place, cloud);
    await put(KEYS, keys);
  }
  await put(DISCOVERY, discovery);
  return true;
}

async function createPublic({ endpoint, container }: Place, cloud: AnyCloud): Promise<void> {
  try {
    await cloud.blobs(endpoint).createContainer(container, { publicRead: true });
  } catch (error) {
    if (error instanceof BlobError && error.code === "PublicAccessNotPermitted") throw notPublic(endpoint);
    throw error;
  }
}

/** An account whose blobs are not for everybody. */
export function notPublic(url: string): CommandError {
  return new CommandError(
    `${url} cannot be read without signing in, as who checks tokens has to: allow public access to blobs of the storage account ` +
      "(az storage account update --allow-blob-public-access true), or choose another with --oidc-storage-account ID",
  );
}

/** @param known endpoint of an account of this cloud: a local one knows its own alone */
function placeOf(issuer: string, known: string, kind: AnyCloud["kind"]): Place | undefined {
  const local = `${new URL(known).origin.replaceAll(".", "\\.")}/[a-z0-9]{3,24}`;
  const account = kind === "azure" ? "https://[a-z0-9]{3,24}\\.blob\\.core\\.windows\\.net" : local;
  const [, endpoint, container, folder] = new RegExp(`^(${account}/)([^/]+)/(.+?)/?$`).exec(issuer) ?? [];
  if (endpoint === undefined || container === undefined || folder === undefined) return undefined;
  return { endpoint, container, folder };
}
