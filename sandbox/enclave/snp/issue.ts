import { AsnConvert, OctetString } from "@peculiar/asn1-schema";
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  Extension,
  Extensions,
  id_ce_basicConstraints,
  id_ce_extKeyUsage,
  id_ce_keyUsage,
  KeyUsage,
  KeyUsageFlags,
  Name,
  RelativeDistinguishedName,
  SubjectPublicKeyInfo,
  TBSCertificate,
  Validity,
  Version,
} from "@peculiar/asn1-x509";
import { constants, randomBytes, sign, type KeyObject } from "node:crypto";

const RSASSA_PSS = "1.2.840.113549.1.1.10";
const ECDSA_WITH_SHA384 = "1.2.840.10045.4.3.3";
/** RSASSA-PSS-params (RFC 4055, 3.1): SHA-384, MGF1 with SHA-384, a salt of 48 bytes. */
const PSS_SHA384 = "3039a00f300d06096086480165030402020500a11c301a06092a864886f70d010108300d06096086480165030402020500a203020130a303020101";
const DAY = 24 * 60 * 60 * 1000;
const COMMON_NAME = "2.5.4.3";

/** Who signs a certificate: an RSA key by RSA-PSS, an EC key by ECDSA, both with SHA-384. */
export type Issuer = { readonly name: string; readonly privateKey: KeyObject };

export type CertificateRequest = {
  /** Common names. */
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly issuer: Issuer;
  readonly extensions: readonly Extension[];
  readonly days: number;
};

/** A DER certificate, valid from yesterday (clocks differ). */
export function issueCertificate({ subject, publicKey, issuer, extensions, days }: CertificateRequest): Buffer {
  const algorithm = signatureAlgorithm(issuer.privateKey);
  const tbsCertificate = new TBSCertificate({
    version: Version.v3,
    serialNumber: arrayBuffer(Buffer.concat([Buffer.from([1]), randomBytes(15)])), // positive
    signature: algorithm,
    issuer: commonName(issuer.name),
    validity: new Validity({ notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + days * DAY) }),
    subject: commonName(subject),
    subjectPublicKeyInfo: AsnConvert.parse(publicKey.export({ type: "spki", format: "der" }), SubjectPublicKeyInfo),
    extensions: new Extensions([...extensions]),
  });
  const signed = Buffer.from(AsnConvert.serialize(tbsCertificate));
  const signature = sign("sha384", signed, {
    key: issuer.privateKey,
    padding: constants.RSA_PKCS1_PSS_PADDING, // without meaning for ECDSA
    saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
  });
  const certificate = new Certificate({ tbsCertificate, signatureAlgorithm: algorithm, signatureValue: arrayBuffer(signature) });
  return Buffer.from(AsnConvert.serialize(certificate));
}

/** The extensions of a certificate authority. */
export function authority(): Extension[] {
  return [
    extension(id_ce_basicConstraints, true, AsnConvert.serialize(new BasicConstraints({ cA: true }))),
    extension(id_ce_keyUsage, true, AsnConvert.serialize(new KeyUsage(KeyUsageFlags.keyCertSign))),
  ];
}

/** The extensions of a certificate whose key signs for the purpose `oid`. */
export function signerFor(oid: string): Extension[] {
  return [
    extension(id_ce_keyUsage, true, AsnConvert.serialize(new KeyUsage(KeyUsageFlags.digitalSignature))),
    extension(id_ce_extKeyUsage, false, AsnConvert.serialize(new ExtendedKeyUsage([oid]))),
  ];
}

/** An extension with the bytes of its value. */
export function extension(extnID: string, critical: boolean, value: ArrayBuffer | Uint8Array): Extension {
  return new Extension({ extnID, critical, extnValue: new OctetString(value) });
}

function signatureAlgorithm(key: KeyObject): AlgorithmIdentifier {
  if (key.asymmetricKeyType !== "rsa") return new AlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA384 });
  return new AlgorithmIdentifier({ algorithm: RSASSA_PSS, parameters: arrayBuffer(Buffer.from(PSS_SHA384, "hex")) });
}

function commonName(value: string): Name {
  const attribute = new AttributeTypeAndValue({ type: COMMON_NAME, value: new AttributeValue({ utf8String: value }) });
  return new Name([new RelativeDistinguishedName([attribute])]);
}

/** The ASN.1 library wants buffers of their own. */
function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
