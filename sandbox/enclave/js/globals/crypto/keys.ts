import { generateKeyPairSync, randomBytes, type KeyObject } from "node:crypto";
import type { HostFunction } from "../../values.js";
import { expectCount, integerOf, textOf } from "./arguments.js";
import { orInternalError } from "./failure.js";

/** OpenSSL's `OPENSSL_RSA_MAX_MODULUS_BITS`: it would generate, but never use, a larger key; and a guest cannot be stopped while it does. */
const LARGEST_RSA_KEY = 16384;

/** `generateAesKey(bits)`: that many random bits. */
export const generateAesKey: HostFunction = (args) => {
  expectCount(args, 1);
  const bits = integerOf(args[0]);
  if (![128, 192, 256].includes(bits)) throw new RangeError("invalid key size (not one of 128, 192, 256)");
  return randomBytes(bits / 8);
};

/** `generateRsaKeyPair(bits[, exponent])`, PKCS#8 and SubjectPublicKeyInfo PEM as all key pairs here. */
export const generateRsaKeyPair: HostFunction = (args) => {
  expectCount(args, 1, 2);
  const modulusLength = integerOf(args[0]) >>> 0;
  const publicExponent = args.length === 2 ? integerOf(args[1]) >>> 0 : 65537;
  return orInternalError("Failed to generate RSA key pair", () => {
    if (modulusLength > LARGEST_RSA_KEY) throw new Error(`key size ${modulusLength} is too large`);
    return pair(generateKeyPairSync("rsa", { modulusLength, publicExponent }));
  });
};

/** `generateEcdsaKeyPair(curve)`. */
export const generateEcdsaKeyPair: HostFunction = (args) => {
  expectCount(args, 1);
  const curve = textOf(args[0]);
  if (curve !== "secp256r1" && curve !== "secp384r1") {
    throw new RangeError("Unsupported curve id, supported: secp256r1, secp384r1");
  }
  const namedCurve = curve === "secp256r1" ? "prime256v1" : "secp384r1";
  return orInternalError("Failed to generate ECDSA key pair", () => pair(generateKeyPairSync("ec", { namedCurve })));
};

/** `generateEddsaKeyPair(curve)`; X25519 keys come from here too, though they sign nothing. */
export const generateEddsaKeyPair: HostFunction = (args) => {
  expectCount(args, 1);
  const curve = textOf(args[0]);
  const failure = "Failed to generate EdDSA key pair";
  if (curve === "curve25519") return orInternalError(failure, () => pair(generateKeyPairSync("ed25519")));
  if (curve === "x25519") return orInternalError(failure, () => pair(generateKeyPairSync("x25519")));
  throw new RangeError("Unsupported curve id, supported: curve25519, x25519");
};

function pair(keys: { privateKey: KeyObject; publicKey: KeyObject }) {
  return {
    privateKey: keys.privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicKey: keys.publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}
