import { createHmac, timingSafeEqual } from "node:crypto";
import { DataError } from "./dataError.js";
import type { DataKeys } from "./keys.js";

/** What a file was when it was written: it makes up for what the blocks do not say. */
export type Seal = {
  /** Bytes of plaintext. */
  readonly size: number;
  /** Bytes of plaintext in a block; 0 where the file is stored as it is. */
  readonly blockBytes: number;
  /** HMAC-SHA-256 of the plaintext, hexadecimal. */
  readonly content: string;
  /** SHA-256 over nonce and tag of every block in order, hexadecimal: with the key it stands for all stored bytes. */
  readonly blocks: string;
};

const FORM = /^v1;size=(\d{1,16});block=(\d{1,16});content=([0-9a-f]{64});blocks=([0-9a-f]{64});mac=([0-9a-f]{64})$/;

/** The text of a seal, which holds for one name and one key: it goes into the metadata of a blob or into a manifest. */
export function sealText(keys: DataKeys, name: string, seal: Seal): string {
  const { size, blockBytes, content, blocks } = seal;
  return `v1;size=${size};block=${blockBytes};content=${content};blocks=${blocks};mac=${macOf(keys, name, seal).toString("hex")}`;
}

/**
 * Reads a seal and verifies it.
 *
 * @throws DataError SealBroken
 */
export function openSeal(keys: DataKeys, name: string, text: string): Seal {
  const [, size, blockBytes, content = "", blocks = "", mac = ""] = FORM.exec(text) ?? [];
  if (size === undefined) throw new DataError("SealBroken", `${name}: its seal is not one: ${JSON.stringify(text.slice(0, 40))}`);
  const seal = { size: Number(size), blockBytes: Number(blockBytes), content, blocks };
  if (timingSafeEqual(macOf(keys, name, seal), Buffer.from(mac, "hex"))) return seal;
  throw new DataError("SealBroken", `${name}: its seal does not verify: the key is another one, or the file was renamed or changed`);
}

function macOf({ seal: key }: DataKeys, name: string, { size, blockBytes, content, blocks }: Seal): Buffer {
  return createHmac("sha256", key)
    .update(JSON.stringify(["v1", name, size, blockBytes, content, blocks]))
    .digest();
}
