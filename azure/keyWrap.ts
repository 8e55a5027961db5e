import { constants, createCipheriv, createDecipheriv, privateDecrypt, publicEncrypt, randomBytes, type KeyObject } from "node:crypto";

/** Alternative initial value of AES key wrap with padding (RFC 5649, section 3). */
const KWP_IV = Buffer.from("A65959A6", "hex");
const OAEP = { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };

/** An AES-256 key under RSA-OAEP (SHA-256), and the content under that key with AES-KWP: RSA_AES_KEY_WRAP_256 of Key Vault (PKCS#11). */
export function wrapFor(publicKey: KeyObject, content: Uint8Array): Buffer {
  const aesKey = randomBytes(32);
  const aes = createCipheriv("id-aes256-wrap-pad", aesKey, KWP_IV);
  return Buffer.concat([publicEncrypt({ key: publicKey, ...OAEP }, aesKey), aes.update(content), aes.final()]);
}

/** @throws Error for what is not wrapped for this key, or was changed */
export function unwrapWith(privateKey: KeyObject, wrapped: Uint8Array): Buffer {
  const modulus = (privateKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const aesKey = privateDecrypt({ key: privateKey, ...OAEP }, wrapped.subarray(0, modulus));
  const aes = createDecipheriv("id-aes256-wrap-pad", aesKey, KWP_IV);
  return Buffer.concat([aes.update(wrapped.subarray(modulus)), aes.final()]);
}
