import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  Extension,
  Extensions,
  GeneralName,
  id_ce_basicConstraints,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from "@peculiar/asn1-x509";

/** PEM: a certificate and its private key (PKCS#8). */
export type Issued = { readonly certificate: string; readonly key: string };

/** ecdsa-with-SHA256 (RFC 5758, section 3.2). */
const ECDSA_SHA256 = new AlgorithmIdentifier({ algorithm: "1.2.840.10045.4.3.2" });
const COMMON_NAME = "2.5.4.3";
const AUTHORITY = "Cleanroom development authority";
/** Milliseconds. */
const DAY = 24 * 60 * 60 * 1000;

/** A certification authority FOR DEVELOPMENT: who reads its key can be any service of the local cloud. */
export function newAuthority(now = new Date()): Issued {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const usage = KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign;
  return issue(AUTHORITY, privateKey, privateKey, usage, now, 3650);
}

/** A certificate for the loopback names of this machine, and for no other. */
export function issueLoopback(authority: Issued, now = new Date()): Issued {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return issue("localhost", privateKey, createPrivateKey(authority.key), KeyUsageFlags.digitalSignature, now, 90);
}

function issue(name: string, key: KeyObject, issuerKey: KeyObject, usage: number, now: Date, days: number): Issued {
  const spki = createPublicKey(key).export({ type: "spki", format: "der" });
  const authority = key === issuerKey;
  const extensions = [
    extension(id_ce_basicConstraints, new BasicConstraints(authority ? { cA: true, pathLenConstraint: 0 } : {})),
    extension(id_ce_keyUsage, new KeyUsage(usage)),
    ...(authority ? [] : [extension(id_ce_subjectAltName, loopbackNames(), false)]),
  ];
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(),
    signature: ECDSA_SHA256,
    issuer: commonName(AUTHORITY),
    validity: new Validity({ notBefore: new Date(now.getTime() - DAY), notAfter: new Date(now.getTime() + days * DAY) }),
    subject: commonName(name),
    subjectPublicKeyInfo: AsnConvert.parse(spki, SubjectPublicKeyInfo),
    extensions: new Extensions(extensions),
  });
  const signature = sign("sha256", new Uint8Array(AsnConvert.serialize(tbsCertificate)), issuerKey);
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm: ECDSA_SHA256,
    signatureValue: new Uint8Array(signature).buffer,
  });
  const lines = Buffer.from(AsnConvert.serialize(certificate))
    .toString("base64")
    .replace(/.{64}(?=.)/g, "$&\n");
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: key.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function extension(id: string, value: object, critical = true): Extension {
  return new Extension({ extnID: id, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
}

function loopbackNames(): SubjectAlternativeName {
  return new SubjectAlternativeName([new GeneralName({ iPAddress: "127.0.0.1" }), new GeneralName({ dNSName: "localhost" })]);
}

function commonName(text: string): Name {
  const value = new AttributeValue({ utf8String: text });
  return new Name([new RelativeDistinguishedName([new AttributeTypeAndValue({ type: COMMON_NAME, value })])]);
}

/** A positive number of 16 bytes. */
function serialNumber(): ArrayBuffer {
  const bytes = new Uint8Array(randomBytes(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.buffer;
}
