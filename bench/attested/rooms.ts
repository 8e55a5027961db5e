import { constants, createHash, generateKeyPairSync, sign } from "node:crypto";
import type { VirtualTee } from "../../sandbox/enclave/snp/virtual.js";

/** Of 64 texts an interpreter remembers what they decode to, and each room sends two of its own at least: so whoever comes again was forgotten. */
const ROOMS = 40;

export const HOST_DATA = Buffer.alloc(32, 7);
const DATA = JSON.stringify({ type: "add", claims: { "x-ms-sevsnpvm-hostdata": "8".repeat(64) } });

const base64 = (content: string | Uint8Array): string => Buffer.from(content).toString("base64");

/**
 * What clean rooms send, as texts: evidence, a key, and signed data for those operations that want them. They have in common neither evidence
 * nor, to the letter, certificates and keys: these differ by empty lines at the end.
 */
export function requestsOf(tee: VirtualTee): readonly string[] {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const signature = sign("sha256", Buffer.from(DATA), { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
  return Array.from({ length: ROOMS }, (_, i) => {
    const own = pem + "\n".repeat(i);
    const minted = tee.mint({ hostData: HOST_DATA, reportData: createHash("sha256").update(own).digest() });
    const endorsements = base64(Buffer.from(minted.endorsements, "base64").toString() + "\n".repeat(i));
    const key = { publicKey: base64(own) };
    return JSON.stringify({
      attestation: { ...minted, endorsements },
      encrypt: key,
      sign: { ...key, signature: base64(signature) },
      data: base64(DATA),
    });
  });
}
