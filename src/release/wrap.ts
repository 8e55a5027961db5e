import { ccf } from "@microsoft/ccf-app/global.js";
import type { CleanRoom } from "../attestation/attested.js";
import { encodeBase64 } from "../encoding/base64.js";
import { ApiError } from "../http/errors.js";

const RSA_AES = { name: "RSA-OAEP-AES-KWP", aesKeySize: 256 } as const;

/**
 * Encrypts a text for one clean room (PKCS#11, CKM_RSA_AES_KEY_WRAP): a new AES-256 key under RSA-OAEP (SHA-256), as many bytes as the
 * modulus has, then the UTF-8 of the text under the AES key with AES-KWP (RFC 5649).
 *
 * @param text not empty
 * @returns what the answer holds: `value` is base64
 * @throws ApiError InvalidInput
 */
export function wrapped({ publicKey }: Pick<CleanRoom, "publicKey">, text: string): { value: string } {
  return { value: encodeBase64(wrap(ccf.strToBuf(text), publicKey)) };
}

function wrap(content: ArrayBuffer, publicKey: string): ArrayBuffer {
  try {
    return ccf.crypto.wrapKey(content, ccf.strToBuf(publicKey), RSA_AES);
  } catch {
    throw new ApiError("InvalidInput", "body/encrypt/publicKey is no RSA key that a key can be wrapped with");
  }
}
