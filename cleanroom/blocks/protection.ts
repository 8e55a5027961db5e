import { createHmac } from "node:crypto";
import { DataError } from "./dataError.js";
import { decrypt, type Incoming } from "./decrypt.js";
import { encrypt, observed, plainly, type Bytes, type Outgoing } from "./encrypt.js";
import { keysOf, type DataKeys } from "./keys.js";
import { KEY_BYTES } from "./layout.js";
import { openSeal, sealText, type Seal } from "./seal.js";

/** How the files of one datasource or datasink are stored, and checked when they come back. */
export type Protection = {
  readonly store: (plain: Bytes) => Outgoing;
  /** The content; it must not be used before the stream has ended without an error. @throws DataError */
  readonly load: (incoming: Incoming) => Bytes;
  readonly sealText: (name: string, seal: Seal) => string;
  /** @throws DataError SealBroken */
  readonly openSeal: (name: string, text: string) => Seal;
  /** Whether a content is the one that was sealed. */
  readonly isContent: (plain: Bytes, seal: Seal) => Promise<boolean>;
  /** HMAC-SHA-256 under a key that comes of the data encryption key. */
  readonly macOf: (text: string) => Buffer;
};

/** Files are encrypted before they leave, in the blocks that the clean room mounts. A seal knows its own block size. */
export function encryptedByUs(dek: Uint8Array, blockBytes: number): Protection {
  const keys = keysOf(dek);
  return {
    ...sealed(keys),
    store: (plain) => encrypt(plain, keys, blockBytes),
    load: (incoming) => decrypt(incoming, keys, incoming.seal ? incoming.seal.blockBytes || blockBytes : blockBytes),
  };
}

/**
 * Files are stored as they are, and whoever stores them encrypts them.
 *
 * @param dek the key that the store is given; where it has keys of its own there is none, and the seal is a mere checksum
 */
export function encryptedByStore(dek: Uint8Array | undefined): Protection {
  const keys = keysOf(dek ?? new Uint8Array(KEY_BYTES));
  return {
    ...sealed(keys),
    store: (plain) => plainly(plain, keys),
    load: (incoming) => verified(incoming, keys),
  };
}

async function* verified({ name, stored, seal }: Incoming, keys: DataKeys): AsyncGenerator<Uint8Array> {
  const { content, seen } = observed(stored, keys);
  yield* content;
  if (seal && seen().content !== seal.content) throw new DataError("Damaged", `${name}: its content is not what was sealed`);
}

function sealed(keys: DataKeys): Pick<Protection, "sealText" | "openSeal" | "isContent" | "macOf"> {
  return {
    sealText: (name, seal) => sealText(keys, name, seal),
    openSeal: (name, text) => openSeal(keys, name, text),
    isContent: async (plain, seal) => {
      const { content, seen } = observed(plain, keys);
      const chunks = content[Symbol.asyncIterator]();
      while ((await chunks.next()).done !== true);
      return seen().content === seal.content;
    },
    macOf: (text) => createHmac("sha256", keys.seal).update(text).digest(),
  };
}
