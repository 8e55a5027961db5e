import { ccf } from "@microsoft/ccf-app/global.js";
import { ArrayBuffertohex, hextoArrayBuffer, hextob64, KJUR } from "jsrsasign";
import type { AlternativeName } from "./alternativeName.js";
import { type Asn1, der } from "./der.js";
import {
  authorityKeyIdentifier,
  basicConstraints,
  keyUsage,
  serverAndClientOfTls,
  subjectAlternativeNames,
  subjectKeyIdentifier,
} from "./extensions.js";
import { keyBits, spkiOf, type SubjectKey } from "./publicKey.js";
import { type Attribute, CA_NAME } from "./subject.js";
import { certificateTime, type Validity } from "./validity.js";

const ECDSA_WITH_SHA384: Asn1 = { seq: [{ oid: "1.2.840.10045.4.3.3" }] };

const ATTRIBUTE_OIDS = { CN: "2.5.4.3", C: "2.5.4.6", L: "2.5.4.7", ST: "2.5.4.8", O: "2.5.4.10", OU: "2.5.4.11" } as const;

/** Signs certificates: a P-384 key (PEM), and how the certificate of the CA identifies it (hexadecimal). */
export type Issuer = { readonly privateKey: string; readonly keyIdentifier: string };

/** 126 random bits in 16 bytes: positive, and of one length. CCF gives random bytes as AES keys only. */
function serialNumber(): string {
  const bytes = new Uint8Array(ccf.crypto.generateAesKey(128));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return ArrayBuffertohex(bytes.buffer);
}

/** The first 160 bits of the SHA-256 of the key (RFC 7093, 2, method 1): CCF has no SHA-1. */
const keyIdentifierOf = (spki: string): string =>
  ArrayBuffertohex(ccf.crypto.digest("SHA-256", hextoArrayBuffer(keyBits(spki)))).slice(0, 40);

const nameOf = (attributes: readonly Attribute[]): Asn1 => ({
  seq: attributes.map(({ type, value: str }) => ({
    set: [{ seq: [{ oid: ATTRIBUTE_OIDS[type] }, type === "C" ? { prnstr: { str } } : { utf8str: { str } }] }],
  })),
});

/** UTCTime up to 2049, GeneralizedTime from then on (RFC 5280, 4.1.2.5). */
function timeOf(time: number): Asn1 {
  const str = certificateTime(time);
  return str < "2050" ? { utctime: { str: str.slice(2) } } : { gentime: { str } };
}

/** CCF gives r and s side by side (IEEE P1363), certificates have them in a sequence (RFC 3279, 2.2.3). */
function signatureOf(tbs: string, privateKey: string): string {
  const signature = ccf.crypto.sign({ name: "ECDSA", hash: "SHA-384" }, privateKey, hextoArrayBuffer(tbs));
  return KJUR.crypto.ECDSA.concatSigToASN1Sig(ArrayBuffertohex(signature));
}

function pemOf(certificate: string): string {
  const lines = hextob64(certificate).match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

type Content = {
  readonly subject: readonly Attribute[];
  readonly spki: string;
  readonly validity: Validity;
  readonly extensions: readonly Asn1[];
};

/** An X.509 certificate of version 3 (RFC 5280), PEM. */
function signed({ subject, spki, validity, extensions }: Content, { privateKey, keyIdentifier }: Issuer): string {
  const identifiers = [subjectKeyIdentifier(keyIdentifierOf(spki)), authorityKeyIdentifier(keyIdentifier)];
  const tbs = der({
    seq: [
      { tag: ["a0", true, { int: 2 }] },
      { int: { hex: serialNumber() } },
      ECDSA_WITH_SHA384,
      nameOf(CA_NAME),
      { seq: [timeOf(validity.notBefore), timeOf(validity.notAfter)] },
      nameOf(subject),
      { asn1: { tlv: spki } }, // byte for byte the key that was checked
      { tag: ["a3", true, { seq: [...extensions, ...identifiers] }] },
    ],
  });
  const signature = signatureOf(tbs, privateKey);
  return pemOf(der({ seq: [{ asn1: { tlv: tbs } }, ECDSA_WITH_SHA384, { bitstr: { hex: `00${signature}` } }] }));
}

type KeyPair = { readonly publicKey: string; readonly privateKey: string };

/** The certificate of a CA, signed by itself: it may sign certificates, but none of another CA. @param keys P-384, PEM */
export function caCertificate({ publicKey, privateKey }: KeyPair, validity: Validity): string {
  const spki = spkiOf(publicKey);
  const extensions = [basicConstraints({ pathLength: 0 }), keyUsage("keyCertSignAndCrlSign")];
  return signed({ subject: CA_NAME, spki, validity, extensions }, { privateKey, keyIdentifier: keyIdentifierOf(spki) });
}

export type Leaf = {
  readonly subject: readonly Attribute[];
  readonly key: SubjectKey;
  readonly alternativeNames: readonly AlternativeName[];
  readonly validity: Validity;
};

/** A certificate for a server or a client of TLS, never for a CA. */
export function leafCertificate({ subject, key, alternativeNames, validity }: Leaf, issuer: Issuer): string {
  const extensions = [
    basicConstraints("leaf"),
    keyUsage(key.kind === "rsa" ? "digitalSignatureAndKeyEncipherment" : "digitalSignature"),
    serverAndClientOfTls(),
    ...(alternativeNames.length > 0 ? [subjectAlternativeNames(alternativeNames)] : []),
  ];
  return signed({ subject, spki: key.spki, validity, extensions }, issuer);
}
