import { createHash, generateKeyPairSync, sign, X509Certificate, type KeyObject } from "node:crypto";
import { encode, Tag } from "cbor2";
import { commonName, issueCertificate, spkiOf } from "../../../sandbox/enclave/identity/certificate.js";
import { validity } from "../../../sandbox/enclave/identity/validity.js";

/** Someone with a key and a certificate. */
export type Person = {
  readonly id: string;
  readonly certificate: string;
  readonly key: KeyObject;
  readonly alg: number;
  readonly hash: string;
};

const CURVES = {
  "P-256": ["prime256v1", -7, "sha256"],
  "P-384": ["secp384r1", -35, "sha384"],
  "P-521": ["secp521r1", -36, "sha512"],
} as const;

const authority = generateKeyPairSync("ec", { namedCurve: "secp384r1" }).privateKey;

export function person(name: string, kind: keyof typeof CURVES | "RSA" = "P-384"): Person {
  const [namedCurve, alg, hash] = kind === "RSA" ? ([undefined, -37, "sha256"] as const) : CURVES[kind];
  const key =
    namedCurve === undefined
      ? generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey
      : generateKeyPairSync("ec", { namedCurve }).privateKey;
  const certificate = issueCertificate({
    subject: commonName(name),
    publicKey: spkiOf(key),
    issuer: commonName("Test Authority"),
    issuerKey: authority,
    validity: validity(new Date(), 30),
    ca: false,
  });
  const id = createHash("sha256").update(new X509Certificate(certificate).raw).digest("hex");
  return { id, certificate, key, alg, hash };
}

export type Changes = {
  readonly type?: string | undefined;
  readonly proposalId?: string | undefined;
  readonly createdAt?: number | bigint | undefined;
  /** Replaces or adds header parameters; undefined removes one. */
  readonly header?: ReadonlyMap<unknown, unknown>;
  readonly alg?: number;
  readonly hash?: string;
  readonly tag?: number;
};

let lastCreatedAt = Math.floor(Date.now() / 1000);

/** A COSE_Sign1 message as clients of CCF make it; every one has a later `created_at`. */
export function signed(signer: Person, payload: string, changes: Changes = {}): Uint8Array {
  const header = new Map<unknown, unknown>([
    [1, changes.alg ?? signer.alg],
    [4, new Uint8Array(Buffer.from(signer.id))],
    ["ccf.gov.msg.type", changes.type],
    ["ccf.gov.msg.proposal_id", changes.proposalId],
    ["ccf.gov.msg.created_at", changes.createdAt ?? ++lastCreatedAt],
    ...(changes.header ?? []),
  ]);
  for (const [label, value] of header) if (value === undefined) header.delete(label);
  const protectedHeader = encode(header);
  const body = new Uint8Array(Buffer.from(payload));
  const toBeSigned = encode(["Signature1", protectedHeader, new Uint8Array(0), body]);
  const signature = new Uint8Array(sign(changes.hash ?? signer.hash, toBeSigned, { key: signer.key, dsaEncoding: "ieee-p1363" }));
  return encode(new Tag(changes.tag ?? 18, [protectedHeader, new Map(), body, signature]));
}
