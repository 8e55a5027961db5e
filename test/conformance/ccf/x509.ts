import { createHash, createPublicKey, randomBytes, sign, X509Certificate, type KeyObject } from "node:crypto";
import { bits, der, integer, nothing, octets, oid, sequence, set, text, utcTime, yes } from "./der.js";

const HOUR = 3600e3;
const YEAR = 365 * 24 * HOUR;

/** A self-signed certificate of an authority, valid from an hour ago for a year; PEM. */
export function selfSigned(commonName: string, key: KeyObject): string {
  const { algorithm, hash } = signatureOf(key);
  const spki = createPublicKey(key).export({ type: "spki", format: "der" });
  const keyId = createHash("sha1").update(spki).digest();
  const name = sequence(set(sequence(oid("2.5.4.3"), text(commonName))));
  const extensions = sequence(
    sequence(oid("2.5.29.14"), octets(octets(keyId))),
    sequence(oid("2.5.29.35"), octets(sequence(der(0x80, keyId)))),
    sequence(oid("2.5.29.19"), yes, octets(sequence(yes))),
  );
  const certificate = sequence(
    der(0xa0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(0x11), randomBytes(12)])),
    algorithm,
    name,
    sequence(utcTime(new Date(Date.now() - HOUR)), utcTime(new Date(Date.now() + YEAR))),
    name,
    spki,
    der(0xa3, extensions),
  );
  return pem(sequence(certificate, algorithm, bits(sign(hash, certificate, key))));
}

function signatureOf(key: KeyObject): { readonly algorithm: Buffer; readonly hash: string } {
  switch (key.asymmetricKeyDetails?.namedCurve) {
    case "prime256v1":
      return { algorithm: sequence(oid("1.2.840.10045.4.3.2")), hash: "sha256" };
    case "secp384r1":
      return { algorithm: sequence(oid("1.2.840.10045.4.3.3")), hash: "sha384" };
    default:
      return { algorithm: sequence(oid("1.2.840.113549.1.1.11"), nothing), hash: "sha256" };
  }
}

function pem(content: Buffer): string {
  const lines = content.toString("base64").replace(/.{64}(?=.)/g, "$&\n");
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

/** What CCF calls members and users by: hexadecimal SHA-256 of the certificate. */
export const certificateId = (certificate: string): string =>
  createHash("sha256").update(new X509Certificate(certificate).raw).digest("hex");

/** Hexadecimal SHA-256 of a certificate's public key: what CCF calls nodes by. */
export const keyIdOf = (certificate: string): string =>
  createHash("sha256")
    .update(new X509Certificate(certificate).publicKey.export({ type: "spki", format: "der" }))
    .digest("hex");
