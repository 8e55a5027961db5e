import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { certificateId } from "../enclave/auth/certificates.js";
import { commonName, issueCertificate, spkiOf } from "../enclave/identity/certificate.js";
import type { IdentityOptions, NewIdentity } from "../identity.js";

// Certificates for tests, which may play at any time. UTCTime ends in 2049 (RFC 5280 section 4.1.2.5.1).
const NOT_BEFORE = new Date("2000-01-01T00:00:00Z");
const NOT_AFTER = new Date("2049-12-31T23:59:59Z");

/** See `newIdentity`. */
export function makeIdentity(name: string, { notBefore = NOT_BEFORE, notAfter = NOT_AFTER }: IdentityOptions): NewIdentity {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "secp384r1" });
  const certificate = issueCertificate({
    subject: commonName(name),
    publicKey: spkiOf(privateKey),
    issuer: commonName(name),
    issuerKey: privateKey,
    validity: { notBefore, notAfter },
    ca: false,
  });
  return {
    certificate,
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    id: certificateId(new X509Certificate(certificate).raw),
  };
}
