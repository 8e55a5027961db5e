import { constants, createDecipheriv, privateDecrypt } from "node:crypto";
import { CleanRoomError } from "./errors.js";
import type { KeyPair } from "./keys.js";

/** Alternative initial value of AES key wrap with padding (RFC 5649, section 3). */
const KWP_IV = Buffer.from("A65959A6", "hex");

/**
 * Decrypts what the service released to a clean room (PKCS#11, CKM_RSA_AES_KEY_WRAP): as many bytes as the modulus has are an AES-256 key
 * under RSA-OAEP (SHA-256); the others are the content under that key with AES-KWP (RFC 5649).
 *
 * @param value base64
 * @returns the UTF-8 text
 * @throws CleanRoomError NotForThisKey
 */
export function unwrap({ privateKey }: Pick<KeyPair, "privateKey">, value: string): string {
  const bytes = Buffer.from(value, "base64");
  const modulus = (privateKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  try {
    const padding = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
    const aesKey = privateDecrypt({ key: privateKey, ...padding }, bytes.subarray(0, modulus));
    const aes = createDecipheriv("id-aes256-wrap-pad", aesKey, KWP_IV);
    return Buffer.concat([aes.update(bytes.subarray(modulus)), aes.final()]).toString("utf8");
  } catch (cause) {
    throw new CleanRoomError("NotForThisKey", "what the service released is not encrypted for the key of this clean room", { cause });
  }
}
