import { verify as verifyBytes } from "node:crypto";
import type { GuestArgument, HostFunction } from "../../values.js";
import { bytesOf, expectCount, propertyOf, textOf } from "./arguments.js";
import { orInternalError, reasonOf } from "./failure.js";
import { certificateFromPem, publicKeyFromPem } from "./pem.js";
import { pssPadding, requireRsa } from "./sign.js";

/**
 * `verifySignature({ name, hash, saltLength? }, keyOrCertificate, signature, data)`: RSA-PSS, ECDSA (IEEE P1363), EdDSA; SHA-256 alone.
 *
 * CCF verifies with an RSA *certificate* by PKCS#1 v1.5, whatever `name` says, and takes none for EdDSA.
 */
export const verifySignature: HostFunction = (args) => {
  expectCount(args, 4);
  const signature = bytesOf(args[2]);
  const data = bytesOf(args[3]);
  const nameValue = propertyOf(args[0], "name");
  const hashValue = propertyOf(args[0], "hash");
  const name = textOf(nameValue);
  const key = textOf(args[1]);

  if (name === "EdDSA") return verifyEddsa(key, signature, data);
  if (textOf(hashValue) !== "SHA-256") throw new RangeError("Unsupported hash algorithm, supported: SHA-256");
  if (name !== "RSA-PSS" && name !== "ECDSA") {
    throw new RangeError("Unsupported signing algorithm, supported: RSA-PSS, ECDSA, EdDSA");
  }
  return orInternalError("Failed to verify signature", () =>
    key.startsWith("-----BEGIN CERTIFICATE")
      ? verifyByCertificate(name, key, signature, data)
      : verifyByKey(name, args[0], key, signature, data),
  );
};

function verifyEddsa(key: string, signature: Uint8Array, data: Uint8Array): boolean {
  try {
    return verifyBytes(null, data, publicKeyFromPem(key), signature);
  } catch (error) {
    throw new RangeError(`Failed to verify EdDSA signature: ${reasonOf(error)}`, { cause: error });
  }
}

function verifyByCertificate(name: "RSA-PSS" | "ECDSA", pem: string, signature: Uint8Array, data: Uint8Array): boolean {
  const key = certificateFromPem(pem).publicKey;
  if (name === "RSA-PSS") return verifyBytes("sha256", data, key, signature);
  return key.asymmetricKeyType === "ec" && verifyBytes("sha256", data, { key, dsaEncoding: "ieee-p1363" }, signature);
}

function verifyByKey(name: "RSA-PSS" | "ECDSA", algorithm: GuestArgument, pem: string, signature: Uint8Array, data: Uint8Array): boolean {
  const key = publicKeyFromPem(pem);
  if (name === "RSA-PSS") return verifyBytes("sha256", data, { key: requireRsa(key), ...pssPadding(algorithm) }, signature);
  return key.asymmetricKeyType === "ec" && verifyBytes("sha256", data, { key, dsaEncoding: "ieee-p1363" }, signature);
}
