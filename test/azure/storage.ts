import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startAzurite } from "../../azure/local/azurite.js";

export type Storage = { readonly url: string; readonly account: string; readonly key: string };

/** Azurite with one storage account, until the tests of the file have ended. */
export async function storage(afterAll: (end: () => Promise<void>) => void): Promise<Storage> {
  const folder = await mkdtemp(join(tmpdir(), "cleanroom-azurite-"));
  const account = "tdpsa01";
  const key = randomBytes(32).toString("base64");
  const azurite = await startAzurite({ folder, accounts: { [account]: key } });
  afterAll(async () => {
    await azurite.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { url: `${azurite.url}${account}/`, account, key };
}
