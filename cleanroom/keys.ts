import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import { CleanRoomError } from "./errors.js";

/** The key of a clean room: answers are encrypted for it, requests are signed with it, and evidence binds it. */
export type KeyPair = {
  /** RSA. */
  readonly privateKey: KeyObject;
  /** SubjectPublicKeyInfo PEM, to the letter: evidence binds this text and not only the key. */
  readonly publicKeyPem: string;
};

/** A new key of RSA-2048; stock clean rooms have the same. It is never written anywhere. */
export async function newKeyPair(): Promise<KeyPair> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  return { privateKey, publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString() };
}

/**
 * A key from its files.
 *
 * @param privateKeyPem PKCS#8 or PKCS#1
 * @throws CleanRoomError InvalidKey
 */
export function keyPairOf(privateKeyPem: string, publicKeyPem: string): KeyPair {
  const privateKey = parsed("private", () => createPrivateKey(privateKeyPem));
  const publicKey = parsed("public", () => createPublicKey(publicKeyPem));
  if (privateKey.asymmetricKeyType !== "rsa") {
    throw new CleanRoomError("InvalidKey", `the private key is of type ${privateKey.asymmetricKeyType ?? "unknown"}: clean rooms use RSA`);
  }
  if (!createPublicKey(privateKey).equals(publicKey)) throw new CleanRoomError("InvalidKey", "the two keys are not of one pair");
  return { privateKey, publicKeyPem };
}

function parsed(which: string, parse: () => KeyObject): KeyObject {
  try {
    return parse();
  } catch (cause) {
    throw new CleanRoomError("InvalidKey", `the ${which} key is not an unencrypted key in PEM form`, { cause });
  }
}
