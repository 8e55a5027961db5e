import { constants, privateDecrypt, publicEncrypt, randomBytes, type KeyObject } from "node:crypto";
import type { GuestArgument, HostFunction } from "../../values.js";
import { aesUnwrap, aesWrap } from "./aesKeyWrap.js";
import { bytesOf, expectCount, integerOf, propertyOf, textOf } from "./arguments.js";
import { orInternalError } from "./failure.js";
import { privateKeyFromPem, publicKeyFromPem } from "./pem.js";

const SUPPORTED = "RSA-OAEP, AES-KWP, RSA-OAEP-AES-KWP";

/** `wrapKey(key, wrappingKey, { name, label?, aesKeySize? })`; RSA keys are PEM texts in ArrayBuffers, OAEP uses SHA-256. */
export const wrapKey: HostFunction = (args) => {
  const { key, otherKey, name, parameters } = read(args);
  const wrap = (): Buffer | undefined => {
    switch (name) {
      case "RSA-OAEP":
        return oaepWrap(rsaPublicKey(otherKey), key, labelOf(parameters));
      case "AES-KWP":
        return aesWrap(otherKey, key);
      case "RSA-OAEP-AES-KWP":
        return hybridWrap(rsaPublicKey(otherKey), key, integerOf(propertyOf(parameters, "aesKeySize")), labelOf(parameters));
      default:
        return undefined;
    }
  };
  const wrapped = orInternalError("Failed to wrap key", wrap);
  if (!wrapped) throw new RangeError(`unsupported key wrapping algorithm, supported: ${SUPPORTED}`);
  return wrapped;
};

/** `unwrapKey(wrappedKey, unwrappingKey, { name, label? })`. */
export const unwrapKey: HostFunction = (args) => {
  const { key, otherKey, name, parameters } = read(args);
  const unwrap = (): Buffer | undefined => {
    switch (name) {
      case "RSA-OAEP":
        return oaepUnwrap(rsaPrivateKey(otherKey), key, labelOf(parameters));
      case "AES-KWP":
        return aesUnwrap(otherKey, key);
      case "RSA-OAEP-AES-KWP":
        return hybridUnwrap(rsaPrivateKey(otherKey), key, labelOf(parameters));
      default:
        return undefined;
    }
  };
  const unwrapped = orInternalError("Failed to unwrap key", unwrap);
  if (!unwrapped) throw new RangeError(`unsupported key unwrapping algorithm, supported: ${SUPPORTED}`);
  return unwrapped;
};

function read(args: readonly GuestArgument[]) {
  expectCount(args, 3);
  const key = bytesOf(args[0]);
  const otherKey = bytesOf(args[1]);
  return { key, otherKey, name: textOf(propertyOf(args[2], "name")), parameters: args[2] };
}

function labelOf(parameters: GuestArgument): Uint8Array | undefined {
  const label = propertyOf(parameters, "label");
  return label instanceof Uint8Array && label.length > 0 ? label : undefined;
}

function rsaPublicKey(pem: Uint8Array): KeyObject {
  return requireRsaKey(publicKeyFromPem(Buffer.from(pem).toString("utf8")));
}

function rsaPrivateKey(pem: Uint8Array): KeyObject {
  return requireRsaKey(privateKeyFromPem(Buffer.from(pem).toString("utf8")));
}

function requireRsaKey(key: KeyObject): KeyObject {
  if (key.asymmetricKeyType !== "rsa") throw new Error("invalid RSA key");
  return key;
}

function oaep(key: KeyObject, label: Uint8Array | undefined) {
  return { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256", ...(label && { oaepLabel: label }) };
}

function oaepWrap(key: KeyObject, content: Uint8Array, label: Uint8Array | undefined): Buffer {
  return publicEncrypt(oaep(key, label), content);
}

function oaepUnwrap(key: KeyObject, wrapped: Uint8Array, label: Uint8Array | undefined): Buffer {
  return privateDecrypt(oaep(key, label), wrapped);
}

/** PKCS#11 CKM_RSA_AES_KEY_WRAP: a fresh AES key under RSA-OAEP, then the content under the AES key. */
function hybridWrap(key: KeyObject, content: Uint8Array, aesBits: number, label: Uint8Array | undefined): Buffer {
  if (![128, 192, 256].includes(aesBits)) throw new Error("invalid key size");
  const aesKey = randomBytes(aesBits / 8);
  return Buffer.concat([oaepWrap(key, aesKey, label), aesWrap(aesKey, content)]);
}

function hybridUnwrap(key: KeyObject, wrapped: Uint8Array, label: Uint8Array | undefined): Buffer {
  const modulusBytes = Math.floor((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  if (wrapped.length <= modulusBytes) throw new Error("not enough ciphertext");
  const aesKey = oaepUnwrap(key, wrapped.subarray(0, modulusBytes), label);
  if (![16, 24, 32].includes(aesKey.length)) throw new Error("invalid key size");
  return aesUnwrap(aesKey, wrapped.subarray(modulusBytes));
}
