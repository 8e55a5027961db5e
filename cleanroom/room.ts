import { CleanRoomError } from "./errors.js";
import { binds, type Attestation, type EvidenceSource } from "./evidence/source.js";
import { newKeyPair, type KeyPair } from "./keys.js";

/** Who this clean room is: a key, and evidence that binds it. */
export type Room = { readonly keys: KeyPair; readonly attestation: Attestation };

/** The base64 of the public key PEM, as requests carry it. */
export const publicKeyOf = ({ publicKeyPem }: KeyPair): string => Buffer.from(publicKeyPem, "utf8").toString("base64");

/**
 * What the report data are the SHA-256 of. The service takes both; of the public services, the older takes `base64` and the newer `pem`.
 */
export const contents = {
  /** The text that requests carry as `publicKey`. */
  base64: (keys: KeyPair): Buffer => Buffer.from(publicKeyOf(keys), "ascii"),
  pem: (keys: KeyPair): Buffer => Buffer.from(keys.publicKeyPem, "utf8"),
} as const;

export type Content = keyof typeof contents;

/**
 * Makes a key and has the platform attest it, at the first call; from then on the same. What fails is tried again at the next call: the
 * platform's own services may start later.
 *
 * @returns a function that throws CleanRoomError EvidenceUnavailable, InvalidEvidence
 */
export function attestedRoom(source: EvidenceSource, content: Content = "base64"): () => Promise<Room> {
  return once(async () => {
    const keys = await newKeyPair();
    const attestation = await source.evidence(contents[content](keys));
    if (binds(attestation, contents[content](keys))) return { keys, attestation };
    throw new CleanRoomError("InvalidEvidence", "the platform gave evidence about something else than the key of this clean room");
  });
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    }));
}
