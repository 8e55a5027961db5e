import { createCipheriv, createDecipheriv } from "node:crypto";
import { openSslError } from "./failure.js";

/** The alternative initial value of RFC 5649, section 3. */
const INITIAL_VALUE = Buffer.from("a65959a6", "hex");

/** AES key wrap with padding (RFC 5649) of at least one byte. @throws Error for a key of less than 128 bits */
export function aesWrap(key: Uint8Array, content: Uint8Array): Buffer {
  const cipher = createCipheriv(...algorithm(key), INITIAL_VALUE);
  if (content.length === 0) throw invalidLength();
  return Buffer.concat([cipher.update(content), cipher.final()]);
}

/** The inverse of `aesWrap`. @throws Error for a wrong key or a changed text */
export function aesUnwrap(key: Uint8Array, wrapped: Uint8Array): Buffer {
  const decipher = createDecipheriv(...algorithm(key), INITIAL_VALUE);
  if (wrapped.length < 16 || wrapped.length % 8 !== 0) throw invalidLength();
  try {
    return Buffer.concat([decipher.update(wrapped), decipher.final()]);
  } catch (error) {
    // Node speaks of an "unsupported state" here.
    throw new Error("error:1C800066:Provider routines::cipher operation failed", { cause: error });
  }
}

/** As CCF: the largest AES key that the given one has bytes for. */
function algorithm(key: Uint8Array): [name: string, key: Uint8Array] {
  const bits = [256, 192, 128].find((size) => key.length * 8 >= size);
  if (bits === undefined) throw new Error(`Need at least 128 bits, only have ${key.length * 8}`);
  return [`id-aes${bits}-wrap-pad`, key.subarray(0, bits / 8)];
}

function invalidLength(): Error {
  return openSslError("1C8000E6", "Provider routines::invalid input length");
}
