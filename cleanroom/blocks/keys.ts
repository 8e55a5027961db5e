import { hkdfSync } from "node:crypto";
import { KEY_BYTES } from "./layout.js";

/** A data encryption key, and the keys that come of it: none of them tells another. */
export type DataKeys = {
  /** AES-256-GCM of the blocks. */
  readonly data: Uint8Array;
  /** HMAC-SHA-256 of a plaintext: who stores a file cannot try out what is in it. */
  readonly content: Uint8Array;
  /** HMAC-SHA-256 of seals and manifests. */
  readonly seal: Uint8Array;
};

/** @param dek 32 bytes */
export function keysOf(dek: Uint8Array): DataKeys {
  if (dek.length !== KEY_BYTES) throw new RangeError(`a data encryption key has ${KEY_BYTES} bytes, not ${dek.length}`);
  return { data: dek, content: derived(dek, "content"), seal: derived(dek, "seal") };
}

/** HKDF (RFC 5869) without salt: the key is uniformly random. */
function derived(dek: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", dek, "", `cleanroom data v1: ${purpose}`, KEY_BYTES));
}
