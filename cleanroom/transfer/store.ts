import { DEFAULT_BLOCK_BYTES } from "../blocks/layout.js";
import { encryptedByStore, encryptedByUs, type Protection } from "../blocks/protection.js";
import type { BlobAccount, BlobContainer } from "../../azure/blob.js";

/** Data in a container, and how it is protected there. */
export type Store = {
  /** What its folder is called on this machine. */
  readonly name: string;
  readonly mode: "CSE" | "CPK" | "SSE";
  readonly container: BlobContainer;
  readonly protection: Protection;
};

/** @param readKey the data encryption key; not asked for where the store has keys of its own */
export async function storeOf(
  { name, mode, containerName }: { readonly name: string; readonly mode: "CSE" | "CPK" | "SSE"; readonly containerName: string },
  account: BlobAccount,
  readKey: () => Promise<Uint8Array>,
): Promise<Store> {
  const key = mode === "SSE" ? undefined : await readKey();
  return {
    name,
    mode,
    container: account.container(containerName, { customerKey: mode === "CPK" ? key : undefined }),
    protection: mode === "CSE" && key ? encryptedByUs(key, DEFAULT_BLOCK_BYTES) : encryptedByStore(key),
  };
}
