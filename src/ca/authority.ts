import { X509, zulutomsec } from "jsrsasign";
import { ApiError } from "../http/errors.js";
import { type CaSigningKey, caSigningKeys } from "../kv/tables.js";
import type { Issuer } from "./certificate.js";
import { spkiOf } from "./publicKey.js";
import { isValidAt, type Validity } from "./validity.js";

/** What a CA certifies with. */
export type Authority = Issuer & { readonly spki: string; readonly validity: Validity };

/** As its certificate says: one of the public service identifies the key in another way. */
export function authorityOf({ privateKey, publicKey, caCert }: CaSigningKey): Authority {
  const certificate = new X509(caCert);
  return {
    privateKey,
    spki: spkiOf(publicKey),
    keyIdentifier: certificate.getExtSubjectKeyIdentifier().kid.hex,
    validity: { notBefore: zulutomsec(certificate.getNotBefore()), notAfter: zulutomsec(certificate.getNotAfter()) },
  };
}

/**
 * The CA of a contract at a time (milliseconds since 1970).
 *
 * @throws ApiError NoCASigningKey (404), also when its certificate is not valid at that time
 */
export function requireAuthority(contractId: string, time: number): Authority {
  const key = caSigningKeys.get(contractId);
  if (!key) throw new ApiError("NoCASigningKey");
  const authority = authorityOf(key);
  if (!isValidAt(time, authority.validity)) {
    throw new ApiError(
      "NoCASigningKey",
      "The certificate of the CA has expired, or the clock of the node is wrong. Rotate the key of the CA.",
    );
  }
  return authority;
}
