import { verify, X509Certificate } from "node:crypto";
import { decode, encode, Tag } from "cbor2";
import { Refusal } from "./errors.js";
import { readCertificate, type Signer } from "./identity.js";
import { algorithmFor, algorithmOfId } from "./signingAlgorithm.js";

/** What a signed governance request is about, `ccf.gov.msg.type`. */
export type MessageType = "proposal" | "ballot" | "withdrawal" | "ack" | "state_digest";

export type Message = {
  readonly type: MessageType;
  /** Empty for withdrawals and state digests. */
  readonly payload: Uint8Array;
  /** Hex; for ballots and withdrawals. */
  readonly proposalId?: string;
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
export async function signMessage(signer: Signer, { type, payload, proposalId }: Message): Promise<Uint8Array> {
  const algorithm = algorithmFor(readCertificate(signer.certificate).publicKey);
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
  const signature = await signer.sign(algorithm, signed);
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
  const algorithm = algorithmOfId(header.get(label.alg));
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
