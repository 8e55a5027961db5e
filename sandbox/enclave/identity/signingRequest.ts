import { createPublicKey, sign, verify, type KeyObject } from "node:crypto";
import { Attributes, CertificationRequest, CertificationRequestInfo } from "@peculiar/asn1-csr";
import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import {
  Attribute,
  Extension,
  Extensions,
  id_ce_subjectAltName,
  SubjectAlternativeName,
  SubjectPublicKeyInfo,
  type Name,
} from "@peculiar/asn1-x509";
import { alternativeNames, commonName, ECDSA_SHA384, spkiOf } from "./certificate.js";
import { fromPem, toPem } from "./pem.js";

/** extensionRequest (RFC 2985 section 5.4.2). */
const EXTENSION_REQUEST = "1.2.840.113549.1.9.14";

/** Hash functions of the ECDSA signature algorithms (RFC 5758 section 3.2). */
const ECDSA_HASHES: Readonly<Record<string, string>> = {
  "1.2.840.10045.4.3.2": "sha256",
  "1.2.840.10045.4.3.3": "sha384",
  "1.2.840.10045.4.3.4": "sha512",
};

/** A PKCS #10 request (RFC 2986) for a P-384 key; PEM. */
export function makeSigningRequest(subject: string, key: KeyObject, hosts: readonly string[]): string {
  const names = new OctetString(AsnConvert.serialize(alternativeNames(hosts)));
  const extensions = new Extensions([new Extension({ extnID: id_ce_subjectAltName, extnValue: names })]);
  const certificationRequestInfo = new CertificationRequestInfo({
    subject: commonName(subject),
    subjectPKInfo: AsnConvert.parse(spkiOf(key), SubjectPublicKeyInfo),
    attributes: new Attributes([new Attribute({ type: EXTENSION_REQUEST, values: [AsnConvert.serialize(extensions)] })]),
  });
  const signature = sign("sha384", new Uint8Array(AsnConvert.serialize(certificationRequestInfo)), key);
  const request = new CertificationRequest({
    certificationRequestInfo,
    signatureAlgorithm: ECDSA_SHA384,
    signature: new Uint8Array(signature).buffer,
  });
  return toPem("CERTIFICATE REQUEST", new Uint8Array(AsnConvert.serialize(request)));
}

export type SigningRequest = {
  readonly subject: Name;
  /** DER, SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  readonly names: SubjectAlternativeName | undefined;
};

/**
 * Reads a PKCS #10 request and checks that whoever made it holds the key.
 *
 * @throws Error
 */
export function readSigningRequest(pem: string): SigningRequest {
  const { certificationRequestInfo: info, certificationRequestInfoRaw, signatureAlgorithm, signature } = parse(pem);
  const publicKey = new Uint8Array(AsnConvert.serialize(info.subjectPKInfo));
  const hash = ECDSA_HASHES[signatureAlgorithm.algorithm];
  if (hash === undefined) throw new Error("the certificate signing request is not signed with ECDSA");
  const signed = new Uint8Array(certificationRequestInfoRaw ?? AsnConvert.serialize(info));
  const key = createPublicKey({ key: Buffer.from(publicKey), format: "der", type: "spki" });
  if (!verify(hash, signed, key, new Uint8Array(signature))) throw new Error("the certificate signing request's signature does not verify");
  return { subject: info.subject, publicKey, names: requestedNames(info) };
}

function parse(pem: string): CertificationRequest {
  const der = fromPem("CERTIFICATE REQUEST", pem);
  try {
    return AsnConvert.parse(der, CertificationRequest);
  } catch (cause) {
    throw new Error("the certificate signing request is not PKCS #10", { cause });
  }
}

function requestedNames(info: CertificationRequestInfo): SubjectAlternativeName | undefined {
  // Some writers leave the attributes out, though RFC 2986 has no OPTIONAL there.
  const attributes = info.attributes as Attributes | undefined;
  const value = attributes?.find(({ type }) => type === EXTENSION_REQUEST)?.values[0];
  if (!value) return undefined;
  const names = AsnConvert.parse(value, Extensions).find(({ extnID }) => extnID === id_ce_subjectAltName);
  return names && AsnConvert.parse(names.extnValue.buffer, SubjectAlternativeName);
}
