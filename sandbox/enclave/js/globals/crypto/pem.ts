import { createPrivateKey, createPublicKey, X509Certificate, type KeyObject } from "node:crypto";
import { openSslError, orInternalError } from "./failure.js";

/*
 * PEM texts as CCF takes them: stricter than node:crypto, which accepts a private key or a certificate where a public key is asked for.
 */

const CERTIFICATE_BLOCK = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;
const PUBLIC_BLOCK = /-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/;
const PRIVATE_BLOCK = /-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----[\s\S]*?-----END \1-----/;

/** A SubjectPublicKeyInfo PEM. @throws Error */
export function publicKeyFromPem(pem: string): KeyObject {
  return keyFrom(pem, PUBLIC_BLOCK, createPublicKey);
}

/** A PKCS#8, PKCS#1 or SEC 1 private key PEM, not encrypted. @throws Error */
export function privateKeyFromPem(pem: string): KeyObject {
  return keyFrom(pem, PRIVATE_BLOCK, createPrivateKey);
}

function keyFrom(pem: string, armour: RegExp, create: (pem: string) => KeyObject): KeyObject {
  requireArmour(pem);
  const block = armour.exec(pem)?.[0];
  if (block === undefined) throw new Error("could not parse PEM");
  try {
    return create(block);
  } catch (error) {
    throw new Error("could not parse PEM", { cause: error });
  }
}

/** A certificate PEM, nothing before it. @throws Error */
export function certificateFromPem(pem: string): X509Certificate {
  requireArmour(pem);
  // CCF reads any other text as DER.
  if (!pem.startsWith("-----BEGIN")) throw openSslError("0688010A", "asn1 encoding routines::nested asn1 error");
  if (!pem.startsWith("-----BEGIN CERTIFICATE-----")) throw openSslError("068000A8", "asn1 encoding routines::wrong tag");
  return new X509Certificate(pem);
}

/** The certificates in a text, in order, whatever stands between them. */
export function certificateBlocks(text: string): string[] {
  return text.match(CERTIFICATE_BLOCK) ?? [];
}

/** Lower-case hexadecimal SHA-256 of a certificate's DER: the id of a member, a user or a node. @throws InternalError */
export function pemToId(pem: string): string {
  const certificate = orInternalError("Failed to parse PEM", () => certificateFromPem(pem));
  return certificate.fingerprint256.replaceAll(":", "").toLowerCase();
}

function requireArmour(text: string): void {
  if (!text.includes("-----BEGIN")) throw new Error(`PEM constructed with non-PEM data: ${text}`);
}
