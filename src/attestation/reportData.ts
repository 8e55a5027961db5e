import { ccf } from "@microsoft/ccf-app/global.js";

const DIGEST_SIZE = 32;

/** Whether report data are the SHA-256 of a text, followed by zeros. */
function isDigestOf(reportData: Uint8Array, text: ArrayBuffer): boolean {
  const digest = new Uint8Array(ccf.crypto.digest("SHA-256", text));
  return reportData.every((byte, at) => byte === (at < DIGEST_SIZE ? digest[at] : 0));
}

/**
 * Whether a report binds a public key. Its report data are the digest of the PEM, or, as older clean rooms make them, of the PEM's base64.
 *
 * @param reportData 64 bytes
 * @param base64 of the PEM, as sent
 * @param pem the same, decoded
 */
export function binds(reportData: ArrayBuffer, base64: string, pem: ArrayBuffer): boolean {
  const bytes = new Uint8Array(reportData);
  return isDigestOf(bytes, pem) || isDigestOf(bytes, ccf.strToBuf(base64));
}
