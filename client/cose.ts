import { sign, verify, X509Certificate } from "node:crypto";
import { decode, encode, Tag } from "cbor2";
import { Refusal } from "./errors.js";
import type { Identity } from "./identity.js";

/** What a signed governance request is about, `ccf.gov.msg.type`. */
export type MessageType = "proposal" | "ballot" | "withdrawal" | "ack" | "state_digest";

export type Message = {
  readonly type: MessageType;
  /** Empty for withdrawals and state digests. */
  readonly payload: Uint8Array;
  /** Hex; for ballots and withdrawals. */
  readonly proposalId?: string;
};

/** COSE algorithm numbers (RFC 9053 section 2.1), by the name that OpenSSL has for the curve of the key. */
const algorithms: Readonly<Record<string, { readonly id: number; readonly hash: string }>> = {
  prime256v1: { id: -7, hash: "sha256" },
  secp384r1: { id: -35, hash: "sha384" },
  secp521r1: { id: -36, hash: "sha512" },
};

/** Header labels: alg and kid of RFC 9052 section 3.1. */
const label = { alg: 1, kid: 4 };

/** CBOR tag of COSE_Sign1 (RFC 9052 section 2). */
const sign1 = 18;

/**
 * A signed governance request: COSE_Sign1 with the payload inside and every header protected.
 *
 * @throws Refusal InvalidKey when the key is not on P-256, P-384 or P-521
 */
export function signMessage(signer: Identity, { type, payload, proposalId }: Message): Uint8Array {
  const curve = signer.key.asymmetricKeyDetails?.namedCurve ?? signer.key.asymmetricKeyType ?? "unknown";
  const algorithm = algorithms[curve];
  if (!algorithm)
    throw new Refusal("InvalidKey", `a key of type ${curve} cannot sign: governance takes secp384r1, secp256r1 and secp521r1`);

  const content = bytes(payload);
  const header = new Map<number | string, number | string | Uint8Array>([
    [label.alg, algorithm.id],
    [label.kid, bytes(Buffer.from(signer.memberId, "ascii"))],
    ["ccf.gov.msg.type", type],
    ["ccf.gov.msg.created_at", Math.floor(Date.now() / 1000)],
  ]);
  if (proposalId !== undefined) header.set("ccf.gov.msg.proposal_id", proposalId);

  const protectedHeader = encode(header);
  const signed = encode(["Signature1", protectedHeader, new Uint8Array(), content]);
  const signature = sign(algorithm.hash, signed, { key: signer.key, dsaEncoding: "ieee-p1363" });
  return encode(new Tag(sign1, [protectedHeader, new Map(), content, bytes(signature)]));
}

/**
 * Verifies a signed governance request.
 *
 * @param certificate PEM of the member
 * @returns what the member has signed
 * @throws Refusal SignatureInvalid
 */
export function verifyMessage(envelope: Uint8Array, certificate: string): Message {
  const fail = (reason: string): never => {
    throw new Refusal("SignatureInvalid", `this is not a request that the member has signed: ${reason}`);
  };
  let parts: unknown;
  try {
    parts = decode<Tag>(bytes(envelope)).contents;
  } catch {
    return fail("it is no COSE_Sign1");
  }
  const [protectedHeader, , payload, signature] = Array.isArray(parts) ? (parts as unknown[]) : [];
  if (!isBytes(protectedHeader) || !isBytes(payload) || !isBytes(signature)) return fail("it is no COSE_Sign1");

  const header = decode(protectedHeader);
  if (!(header instanceof Map)) return fail("its header is not one");
  const algorithm = Object.values(algorithms).find(({ id }) => id === header.get(label.alg));
  if (!algorithm) return fail("its algorithm is not known");
  const signed = encode(["Signature1", protectedHeader, new Uint8Array(), payload]);
  const key = new X509Certificate(certificate).publicKey;
  if (!verify(algorithm.hash, signed, { key, dsaEncoding: "ieee-p1363" }, signature)) return fail("the signature is another's");

  const proposalId: unknown = header.get("ccf.gov.msg.proposal_id");
  const type: unknown = header.get("ccf.gov.msg.type");
  return { type: type as MessageType, payload, ...(typeof proposalId === "string" && { proposalId }) };
}

const isBytes = (value: unknown): value is Uint8Array => value instanceof Uint8Array;

/** The encoder takes a Buffer for an object with a `toJSON`; only the plain class becomes a byte string. */
function bytes({ buffer, byteOffset, byteLength }: Uint8Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
