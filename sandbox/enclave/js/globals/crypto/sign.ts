import { constants, createHmac, sign as signBytes, type KeyObject } from "node:crypto";
import type { GuestArgument, HostFunction } from "../../values.js";
import { bytesOf, expectCount, integerOf, propertyOf, textOf } from "./arguments.js";
import { openSslError, orInternalError } from "./failure.js";
import { requireEcdsaCurve } from "./jwk.js";
import { privateKeyFromPem } from "./pem.js";

/** Hashes by their WebCrypto names. */
const HASHES: Readonly<Record<string, string>> = { "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512" };

/**
 * `sign({ name, hash, saltLength? }, key, data)`: RSA-PSS, ECDSA (IEEE P1363), EdDSA, HMAC (the key is the text itself, as UTF-8).
 * The salt of RSA-PSS has 0 bytes unless `saltLength` says otherwise.
 */
export const sign: HostFunction = (args) => {
  expectCount(args, 3);
  const nameValue = propertyOf(args[0], "name");
  const hashValue = propertyOf(args[0], "hash");
  const name = textOf(nameValue);
  const key = textOf(args[1]);
  const data = bytesOf(args[2]);

  // With a key of another kind OpenSSL signs too, with the digest that the kind defaults to; so does CCF.
  if (name === "EdDSA") return orInternalError("Failed to sign with EdDSA pair", () => signBytes(null, data, privateKeyFromPem(key)));

  const hash = HASHES[textOf(hashValue)];
  if (hash === undefined) throw new RangeError("Unsupported hash algorithm, supported: SHA-256, SHA-384, SHA-512");
  switch (name) {
    case "ECDSA":
      return orInternalError("Failed to sign", () => signEcdsa(hash, privateKeyFromPem(key), data));
    case "RSA-PSS":
      return orInternalError("Failed to sign", () =>
        signBytes(hash, data, { key: requireRsa(privateKeyFromPem(key)), ...pssPadding(args[0]) }),
      );
    case "HMAC":
      return createHmac(hash, Buffer.from(key, "utf8")).update(data).digest();
    default:
      throw new RangeError("Unsupported signing algorithm, supported: RSA-PSS, ECDSA, EdDSA, HMAC");
  }
};

function signEcdsa(hash: string, key: KeyObject, data: Uint8Array): Buffer {
  requireEcdsaCurve(key);
  return signBytes(hash, data, { key, dsaEncoding: "ieee-p1363" });
}

/** @throws Error for a key that knows no RSA padding; node:crypto would ignore the padding and sign all the same */
export function requireRsa(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType === "rsa") return key;
  throw openSslError("03000093", "digital envelope routines::command not supported");
}

/** The RSA-PSS options of an algorithm argument. */
export function pssPadding(algorithm: GuestArgument) {
  return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: integerOf(propertyOf(algorithm, "saltLength")) };
}
