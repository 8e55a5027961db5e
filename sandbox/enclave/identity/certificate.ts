import { createHash, createPublicKey, randomBytes, sign, type KeyObject } from "node:crypto";
import { isIP } from "node:net";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  Extension,
  Extensions,
  GeneralName,
  id_ce_authorityKeyIdentifier,
  id_ce_basicConstraints,
  id_ce_keyUsage,
  id_ce_subjectAltName,
  id_ce_subjectKeyIdentifier,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectAlternativeName,
  SubjectKeyIdentifier,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity as AsnValidity,
  Version,
} from "@peculiar/asn1-x509";
import { toPem } from "./pem.js";
import type { Validity } from "./validity.js";

/** ecdsa-with-SHA384 (RFC 5758 section 3.2): the parameters are absent. */
export const ECDSA_SHA384 = new AlgorithmIdentifier({ algorithm: "1.2.840.10045.4.3.3" });

const COMMON_NAME = "2.5.4.3";

export const commonName = (text: string): Name =>
  new Name([
    new RelativeDistinguishedName([new AttributeTypeAndValue({ type: COMMON_NAME, value: new AttributeValue({ utf8String: text }) })]),
  ]);

/** DER of the public half (SubjectPublicKeyInfo). */
export const spkiOf = (key: KeyObject): Buffer =>
  (key.type === "private" ? createPublicKey(key) : key).export({ type: "spki", format: "der" });

/** IP addresses and DNS names. */
export const alternativeNames = (hosts: readonly string[]): SubjectAlternativeName =>
  new SubjectAlternativeName(hosts.map((host) => new GeneralName(isIP(host) === 0 ? { dNSName: host } : { iPAddress: host })));

/** RFC 5280 section 4.2.1.2, method 1: SHA-1 of the key's bit string. */
const keyIdentifier = (spki: SubjectPublicKeyInfo): ArrayBuffer =>
  new Uint8Array(createHash("sha1").update(Buffer.from(spki.subjectPublicKey)).digest()).buffer;

const extension = (id: string, value: object, critical = false): Extension =>
  new Extension({ extnID: id, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });

/** A positive number of 16 bytes. */
function serialNumber(): ArrayBuffer {
  const bytes = new Uint8Array(randomBytes(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.buffer;
}

export type CertificateRequest = {
  readonly subject: Name;
  /** DER, SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  readonly issuer: Name;
  /** P-384. */
  readonly issuerKey: KeyObject;
  readonly validity: Validity;
  /** A CA certificate may sign end entities only. */
  readonly ca: boolean;
  readonly names?: SubjectAlternativeName | undefined;
};

/** Issues an X.509 certificate (RFC 5280), signed with ECDSA and SHA-384; PEM. */
export function issueCertificate(request: CertificateRequest): string {
  const spki = AsnConvert.parse(request.publicKey, SubjectPublicKeyInfo);
  const issuerSpki = AsnConvert.parse(spkiOf(request.issuerKey), SubjectPublicKeyInfo);
  const usage = request.ca
    ? KeyUsageFlags.digitalSignature | KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign
    : KeyUsageFlags.digitalSignature;
  const extensions = new Extensions([
    extension(id_ce_basicConstraints, new BasicConstraints(request.ca ? { cA: true, pathLenConstraint: 0 } : {}), true),
    extension(id_ce_keyUsage, new KeyUsage(usage), true),
    extension(id_ce_subjectKeyIdentifier, new SubjectKeyIdentifier(keyIdentifier(spki))),
    extension(id_ce_authorityKeyIdentifier, new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(keyIdentifier(issuerSpki)) })),
  ]);
  if (request.names && request.names.length > 0) extensions.push(extension(id_ce_subjectAltName, request.names));
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: serialNumber(),
    signature: ECDSA_SHA384,
    issuer: request.issuer,
    validity: new AsnValidity({ notBefore: request.validity.notBefore, notAfter: request.validity.notAfter }),
    subject: request.subject,
    subjectPublicKeyInfo: spki,
    extensions,
  });
  const signature = sign("sha384", new Uint8Array(AsnConvert.serialize(tbsCertificate)), request.issuerKey);
  const certificate = new Certificate({
    tbsCertificate,
    signatureAlgorithm: ECDSA_SHA384,
    signatureValue: new Uint8Array(signature).buffer,
  });
  return toPem("CERTIFICATE", new Uint8Array(AsnConvert.serialize(certificate)));
}
