import { X509Certificate } from "node:crypto";
import { CleanRoomError } from "../errors.js";

/** Kinds of certificates, by their GUIDs in the order of their text (AMD 56421, GHCB, section 4.1.8.1). */
const CERTIFICATES = {
  VCEK: "63da758de6644564adc5f4b93be8accd",
  ASK: "4ab7b379bbac4fe4a02f05aef327c782",
  ARK: "c0b406a4a803495297433fb6014cd0ae",
} as const;

/** A GUID, an offset and a length, both little-endian; an entry of zeros is the last. */
const ENTRY = 24;
const GUID = 16;

/**
 * The chain of VCEK, ASK and ARK in the certificate table that a host gives to its guests.
 *
 * @returns PEM
 * @throws CleanRoomError InvalidEvidence
 */
export function chainOf(table: Buffer): string {
  const certificates = new Map<string, Buffer>();
  for (let at = 0; at + ENTRY <= table.length; at += ENTRY) {
    const guid = table.subarray(at, at + GUID);
    if (guid.every((byte) => byte === 0)) break;
    const start = table.readUInt32LE(at + GUID);
    certificates.set(guid.toString("hex"), table.subarray(start, start + table.readUInt32LE(at + GUID + 4)));
  }
  return Object.entries(CERTIFICATES)
    .map(([name, guid]) => pem(name, certificates.get(guid)))
    .join("");
}

function pem(name: string, certificate: Buffer | undefined): string {
  if (!certificate) throw new CleanRoomError("InvalidEvidence", `the host's certificate table has no ${name}`);
  try {
    return new X509Certificate(certificate).toString();
  } catch (cause) {
    throw new CleanRoomError("InvalidEvidence", `the ${name} in the host's certificate table is no certificate`, { cause });
  }
}
