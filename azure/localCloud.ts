import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isLoopbackUrl } from "./loopback.js";

/** Where the stand-ins of this machine are, while they run. */
export type LocalCloud = {
  /** PEM of the development certification authority; absent where the stand-ins speak HTTP. */
  readonly ca?: string;
  readonly blobs: {
    /** `https://127.0.0.1:PORT/`; the account follows in the path. */
    readonly url: string;
    /** Storage accounts, with their keys in base64. */
    readonly accounts: Readonly<Record<string, string>>;
  };
  /** The other services; absent where only blobs are stood in for. URLs are without a slash at the end. */
  readonly services?: {
    /** Of what stands in for Entra; the tenant follows in the path. */
    readonly tokens: string;
    /** The name of a vault follows in the path. */
    readonly vaults: string;
    /** Also the issuer of its tokens. */
    readonly attestation: string;
    readonly management: string;
    /** How the person at this machine signs in. */
    readonly login: { readonly tenantId: string; readonly clientId: string; readonly secret: string };
  };
};

/** The one subscription that a local cloud has. */
export const LOCAL_SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";

/** The file that says so, below the home of the command. */
export const localCloudFile = (home: string): string => join(home, "azure", "azure.json");

/**
 * The local cloud, or undefined where none runs: `HOME/azure/azure.json` is there as long as it does.
 *
 * @throws Error when it is anywhere but on this machine: its certificates are for development
 */
export async function readLocalCloud(home: string): Promise<LocalCloud | undefined> {
  const file = localCloudFile(home);
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const cloud = JSON.parse(text) as LocalCloud;
  const { tokens, vaults, attestation, management } = cloud.services ?? {};
  for (const url of [cloud.blobs.url, tokens, vaults, attestation, management]) {
    if (url !== undefined && !isLoopbackUrl(url)) throw new Error(`${file} names ${url}: a local cloud is on this machine alone`);
  }
  return cloud;
}
