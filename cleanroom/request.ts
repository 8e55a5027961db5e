import { constants, sign } from "node:crypto";
import type { Attestation } from "./evidence/source.js";
import { publicKeyOf, type Room } from "./room.js";

type Evidence = { readonly attestation: Attestation };
type Attested = Evidence & { readonly encrypt: { readonly publicKey: string } };
type Signed = Attested & {
  readonly data: string;
  /** Milliseconds since 1970. */
  readonly timestamp: string;
  readonly sign: { readonly signature: string; readonly publicKey: string };
};

/** For questions whose answers anyone may overhear. */
export const evidenceBody = ({ attestation }: Room): Evidence => ({ attestation });

/** For answers that are encrypted for the clean room. */
export function attestedBody({ attestation, keys }: Room): Attested {
  return { attestation, encrypt: { publicKey: publicKeyOf(keys) } };
}

/**
 * For what the clean room says: RSASSA-PSS with SHA-256 and a salt of 32 bytes, of the very bytes of `json`.
 *
 * No two signatures are the same, and the service takes each for one write: sending this body again repeats the write, making it again is
 * another one.
 */
export function signedBody(room: Room, json: string): Signed {
  const data = Buffer.from(json, "utf8");
  const signature = sign("sha256", data, {
    key: room.keys.privateKey,
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: 32,
  });
  return {
    ...attestedBody(room),
    data: data.toString("base64"),
    timestamp: String(Date.now()),
    sign: { signature: signature.toString("base64"), publicKey: publicKeyOf(room.keys) },
  };
}
