import { sign } from "node:crypto";
import { cbor, Tagged, type Cbor } from "./cbor.js";
import { now } from "./clock.js";
import type { Identity } from "./identity.js";

/** Protected headers by label: a number (RFC 9052) or a name of CCF's. */
export type Headers = ReadonlyMap<number | string, Cbor>;

/** What is signed, and how the envelope differs from a right one. */
export type Envelope = {
  /** `ccf.gov.msg.type` */
  readonly type?: Cbor | undefined;
  /** `ccf.gov.msg.proposal_id` */
  readonly proposalId?: string | undefined;
  /** `ccf.gov.msg.created_at`, in seconds since the epoch; a fresh one unless given. */
  readonly createdAt?: number;
  /** COSE algorithm, and the hash that really goes into the signature. */
  readonly alg?: number;
  readonly hash?: string;
  /** Text of the key id; the signer's id unless given. */
  readonly kid?: string;
  /** All protected headers, in place of those above. */
  readonly protected?: Headers;
  /** More protected headers, or others in place of those above. */
  readonly extra?: Headers;
  /** Labels to leave out. */
  readonly drop?: readonly (number | string)[];
  readonly untagged?: boolean;
  readonly tag?: number;
  /** Changes a bit of the signature. */
  readonly badSig?: boolean;
  /** The payload that is put into the envelope in place of the one that was signed. */
  readonly payloadAfter?: string;
};

const SIGN1 = 18;

/** A COSE_Sign1 message (RFC 9052) as members send it to CCF. */
export function coseSign1(signer: Identity, payload: string | Uint8Array, envelope: Envelope = {}): Buffer {
  const headers = cbor(envelope.protected ?? headersOf(signer, envelope));
  const content = Buffer.from(payload);
  const signed = cbor(["Signature1", headers, Buffer.alloc(0), content]);
  const signature = sign(envelope.hash ?? signer.hash, signed, { key: signer.key, dsaEncoding: "ieee-p1363" });
  if (envelope.badSig) signature.writeUInt8(signature.readUInt8(5) ^ 1, 5);
  const parts = [headers, new Map(), envelope.payloadAfter === undefined ? content : Buffer.from(envelope.payloadAfter), signature];
  return cbor(envelope.untagged ? parts : new Tagged(envelope.tag ?? SIGN1, parts));
}

function headersOf(signer: Identity, { alg, kid, type, createdAt, proposalId, extra, drop }: Envelope): Headers {
  const headers = new Map<number | string, Cbor>([
    [1, alg ?? signer.alg],
    [4, Buffer.from(kid ?? signer.id)],
  ]);
  if (type !== undefined) headers.set("ccf.gov.msg.type", type);
  headers.set("ccf.gov.msg.created_at", createdAt ?? freshCreatedAt());
  if (proposalId !== undefined) headers.set("ccf.gov.msg.proposal_id", proposalId);
  for (const [label, value] of extra ?? []) headers.set(label, value);
  for (const label of drop ?? []) headers.delete(label);
  return headers;
}

/**
 * How far ahead of the clock messages are dated, in seconds. CCF takes proposals from the future, and refuses those that are older than the
 * median of the recent ones. The recordings were made when many messages, each a second after the one before, had carried the date well
 * ahead, so that a proposal of this moment was too old; this much does the same from the first message on.
 */
const AHEAD = 600;
let last = 0;

/** No two messages have the same time, so that equal payloads are not replays of each other. */
const freshCreatedAt = (): number => (last = Math.max(now() + AHEAD, last + 1));
