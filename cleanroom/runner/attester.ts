import { createPublicKey, generateKeyPair, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { SnpEvidence } from "../../azure/attestation.js";
import { CleanRoomError } from "../errors.js";
import type { Attestation, EvidenceSource } from "../evidence/source.js";
import { attestedRoom, type Content, type Room } from "../room.js";

/** What proves who a clean room is. */
export type Attester = {
  /** Towards governance. */
  readonly room: () => Promise<Room>;
  /** Towards an attestation service: a key for what a vault releases, and evidence that binds it. */
  readonly wrapping: () => Promise<Wrapping>;
};

export type Wrapping = { readonly privateKey: KeyObject; readonly evidence: SnpEvidence };

/** Place of the host data in a report (AMD 56860, attestation report), in bytes. */
const HOST_DATA = { at: 0xc0, size: 32 };

/** By a platform that attests whatever it is asked to; each key is a new one. */
export function liveAttester(source: EvidenceSource, content?: Content): Attester {
  return {
    room: attestedRoom(source, content),
    wrapping: async () => {
      const { publicKey, privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
      const runtimeData = runtimeDataOf(publicKey);
      return { privateKey, evidence: evidenceOf(await source.evidence(runtimeData), runtimeData) };
    },
  };
}

/** By evidence that was recorded with its key; there is no other key. */
export function recordedAttester(room: Room): Attester {
  const runtimeData = runtimeDataOf(createPublicKey(room.keys.publicKeyPem));
  return {
    room: () => Promise.resolve(room),
    wrapping: () => Promise.resolve({ privateKey: room.keys.privateKey, evidence: evidenceOf(room.attestation, runtimeData) }),
  };
}

/**
 * Evidence says under which policy it was made: another one than the template's would be refused, or believed of what does not run.
 *
 * @throws CleanRoomError InvalidEvidence
 */
export function requireHostData({ attestation }: Room, hostData: string): void {
  const report = Buffer.from(attestation.evidence, "base64");
  const attested = report.subarray(HOST_DATA.at, HOST_DATA.at + HOST_DATA.size).toString("hex");
  if (attested === hostData) return;
  throw new CleanRoomError(
    "InvalidEvidence",
    `the evidence is about host data ${attested}, and the policy of the template has ${hostData}: it is of another clean room`,
  );
}

/** A JSON Web Key Set (RFC 7517). */
function runtimeDataOf(publicKey: KeyObject): Buffer {
  const key = { ...publicKey.export({ format: "jwk" }), kid: "wrapping", key_ops: ["encrypt"] };
  return Buffer.from(JSON.stringify({ keys: [key] }));
}

function evidenceOf({ evidence, endorsements, uvm_endorsements: uvm }: Attestation, runtimeData: Uint8Array): SnpEvidence {
  const bytes = (base64: string): Buffer => Buffer.from(base64, "base64");
  return {
    report: bytes(evidence),
    endorsements: bytes(endorsements),
    ...(uvm !== undefined && { uvmEndorsements: bytes(uvm) }),
    runtimeData,
  };
}
