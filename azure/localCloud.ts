import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BlobError } from "./blob.js";

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
};

/**
 * The local cloud, or undefined where none runs: `HOME/azure/azure.json` is there as long as it does.
 *
 * @throws BlobError when it is anywhere but on this machine: its certificates are for development
 */
export async function readLocalCloud(home: string): Promise<LocalCloud | undefined> {
  const file = join(home, "azure", "azure.json");
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const cloud = JSON.parse(text) as LocalCloud;
  const { hostname } = new URL(cloud.blobs.url);
  if (["127.0.0.1", "[::1]", "localhost"].includes(hostname)) return cloud;
  throw new BlobError("NotLocal", undefined, `${file} names ${hostname}: a local cloud is on this machine alone`);
}
