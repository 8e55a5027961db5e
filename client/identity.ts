import { createPrivateKey, sign, X509Certificate, type KeyObject } from "node:crypto";
import { Refusal } from "./errors.js";
import type { SigningAlgorithm } from "./signingAlgorithm.js";

/** A member or user who can sign, wherever the private key is. */
export type Signer = {
  /** PEM */
  readonly certificate: string;
  /** Lower-case hex SHA-256 of the certificate's DER: CCF's member id. */
  readonly memberId: string;
  /** Signs what the algorithm of the certificate's key is to hash. The signature is r and s, each of the full size of the curve. */
  readonly sign: (algorithm: SigningAlgorithm, content: Uint8Array) => Promise<Uint8Array>;
};

/** A member or user: a certificate and the private key that belongs to it. */
export type Identity = Signer & {
  /** PEM; what TLS wants. */
  readonly keyPem: string;
  readonly key: KeyObject;
};

/**
 * Reads a certificate and its private key from PEM texts.
 *
 * @throws Refusal InvalidCertificate, InvalidKey, KeyMismatch
 */
export function identityOf(certificatePem: string, keyPem: string): Identity {
  const certificate = readCertificate(certificatePem);
  const key = readKey(keyPem);
  if (!certificate.checkPrivateKey(key)) {
    throw new Refusal("KeyMismatch", `the signing key does not belong to the signing certificate (${certificate.subject})`);
  }
  return {
    certificate: certificatePem,
    keyPem,
    key,
    memberId: memberIdOf(certificate),
    sign: ({ hash }, content) => Promise.resolve(sign(hash, content, { key, dsaEncoding: "ieee-p1363" })),
  };
}

/** CCF's id of a member or user: lower-case hex SHA-256 of the certificate's DER. */
export function memberIdOf(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(":", "").toLowerCase();
}

/** @throws Refusal InvalidCertificate */
export function readCertificate(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new Refusal("InvalidCertificate", "this is not a certificate in PEM form (-----BEGIN CERTIFICATE-----)", { cause });
  }
}

/** Says that a certificate is outside its period of validity: `expired on DATE`, or `is valid only from DATE`; undefined where it is inside. */
export function outsideValidity({ validFrom, validTo }: X509Certificate, now = Date.now()): string | undefined {
  const date = (time: string): string => new Date(time).toISOString().replace(".000Z", "Z");
  if (now > Date.parse(validTo)) return `expired on ${date(validTo)}`;
  return now < Date.parse(validFrom) ? `is valid only from ${date(validFrom)}` : undefined;
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new Refusal("InvalidKey", "this is not an unencrypted private key in PEM form (-----BEGIN PRIVATE KEY-----)", { cause });
  }
}
