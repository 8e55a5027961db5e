import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { blobStorage } from "../../../azure/blobStorage.js";
import { blobEndpointOf } from "../../../azure/resources.js";
import type { BlobAccount } from "../../../azure/blob.js";
import { DEFAULT_BLOCK_BYTES } from "../../../cleanroom/blocks/layout.js";
import { encryptedByUs } from "../../../cleanroom/blocks/protection.js";
import type { Storage } from "../../azure/storage.js";
import { chunks, collected } from "../../cleanroom/blocks/streams.js";
import { memoryCloud } from "../config/cloud.js";
import { shell, type Shell } from "../run.js";

export const provider = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers";

export type DataDesk = Shell & {
  readonly at: (name: string) => string;
  readonly blobs: BlobAccount;
  /** Runs a command that adds something to a configuration, which needs more of the cloud than blobs. @throws when it fails */
  readonly configure: (...words: readonly string[]) => Promise<void>;
  /** Writes a file into a container as a clean room does: encrypted, and without a seal. */
  readonly asCleanRoom: (container: string, name: string, content: string, keyFile: string) => Promise<void>;
};

/** A command line whose local cloud has Azurite's blobs. */
export async function dataDesk({ url, account, key }: Storage): Promise<DataDesk> {
  const local = url.slice(0, -`${account}/`.length);
  const blobs = blobStorage(url, { access: { kind: "sharedKey", account, key } });
  const setting = await shell({}, { ...memoryCloud(), blobEndpointOf: (id) => blobEndpointOf(id, local), blobs: () => blobs });
  const using = await shell();
  const home = join(using.folder, "home", "azure");
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "azure.json"), JSON.stringify({ blobs: { url: local, accounts: { [account]: key } } }));
  return {
    ...using,
    blobs,
    at: (name) => join(using.folder, name),
    configure: async (...words) => {
      const { status, notes } = await setting.run(words);
      if (status !== 0) throw new Error(`${words.join(" ")}: ${notes}`);
    },
    asCleanRoom: async (container, name, content, keyFile) => {
      const protection = encryptedByUs(await readFile(keyFile), DEFAULT_BLOCK_BYTES);
      const { stored } = protection.store(chunks(Buffer.from(content)));
      await blobs.container(container).put(name, await collected(stored));
    },
  };
}
