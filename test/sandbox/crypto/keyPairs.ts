import { generateKeyPairSync, type KeyObject } from "node:crypto";

/** Key pairs of every kind, made by Node for this run, as PEM. */
export const rsa = pem(generateKeyPairSync("rsa", { modulusLength: 2048 }));
export const otherRsa = pem(generateKeyPairSync("rsa", { modulusLength: 2048 }));
export const p256 = pem(generateKeyPairSync("ec", { namedCurve: "prime256v1" }));
export const p384 = pem(generateKeyPairSync("ec", { namedCurve: "secp384r1" }));
export const p521 = pem(generateKeyPairSync("ec", { namedCurve: "secp521r1" }));
export const ed25519 = pem(generateKeyPairSync("ed25519"));
export const x25519 = pem(generateKeyPairSync("x25519"));

function pem({ publicKey, privateKey }: { publicKey: KeyObject; privateKey: KeyObject }) {
  return {
    pub: publicKey.export({ type: "spki", format: "pem" }).toString(),
    priv: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    privateKey,
    publicKey,
  };
}
