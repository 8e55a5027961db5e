import { createHash, X509Certificate } from "node:crypto";
import { InternalError } from "../values.js";

/** SHA-256 of a certificate's DER, in hexadecimal: the id of a member or user. @throws InternalError in CCF's words */
export function certificateId(pem: string): string {
  if (!pem.includes("-----BEGIN")) throw new InternalError(`Failed to parse PEM: PEM constructed with non-PEM data: ${pem}`);
  // CCF reads the text with OpenSSL, which takes what does not begin as a certificate for DER.
  if (!pem.startsWith("-----BEGIN")) throw refused("0688010A:asn1 encoding routines::nested asn1 error");
  if (!pem.startsWith("-----BEGIN CERTIFICATE-----")) throw refused("068000A8:asn1 encoding routines::wrong tag");
  try {
    return createHash("sha256").update(new X509Certificate(pem).raw).digest("hex");
  } catch (error) {
    throw new InternalError(`Failed to parse PEM: OpenSSL error: ${(error as Error).message}`, { cause: error });
  }
}

const refused = (code: string): InternalError => new InternalError(`Failed to parse PEM: OpenSSL error: error:${code}`);
