import { AsnConvert } from "@peculiar/asn1-schema";
import { BasicConstraints, Certificate, id_ce_basicConstraints, type Extension } from "@peculiar/asn1-x509";
import type { X509Certificate } from "node:crypto";
import { remembered } from "./remembered.js";

/** OpenSSL's default limit on the length of a chain. */
const MAX_DEPTH = 100;

/** Extensions that the checks here take care of; a critical one outside the list makes a certificate unusable (RFC 5280, 4.2). */
const UNDERSTOOD = new Set([
  id_ce_basicConstraints,
  "2.5.29.14", // subject key identifier
  "2.5.29.15", // key usage
  "2.5.29.17", // subject alternative name
  "2.5.29.31", // CRL distribution points
  "2.5.29.32", // certificate policies
  "2.5.29.35", // authority key identifier
  "2.5.29.37", // extended key usage
]);

export type ChainQuestion = {
  readonly target: X509Certificate;
  /** Untrusted certificates that may stand between the target and a trusted one, in any order. */
  readonly intermediates: readonly X509Certificate[];
  /** Trust ends here; a trusted certificate need not be self-signed. */
  readonly trusted: readonly X509Certificate[];
  /** When every certificate of the chain must be valid; undefined for any time. */
  readonly at: Date | undefined;
};

/**
 * Whether a chain leads from the target to a trusted certificate: names and key identifiers match, every issuer is a CA that may sign
 * certificates within its path length, signatures verify, and all are valid at the given time (RFC 5280, section 6.1, without policies,
 * name constraints and revocation, like OpenSSL's `X509_verify_cert` with `X509_V_FLAG_PARTIAL_CHAIN`).
 */
export function isChainValid({ target, intermediates, trusted, at }: ChainQuestion): boolean {
  const anchors = new Set(trusted.map(idOf));
  const tried = new Set<string>();

  const leadsToTrust = (certificate: X509Certificate, depth: number): boolean => {
    if (depth > MAX_DEPTH || tried.has(idOf(certificate)) || !isUsable(certificate, at)) return false;
    if (anchors.has(idOf(certificate))) return true;
    tried.add(idOf(certificate));
    return [...trusted, ...intermediates].some(
      (issuer) => isIssuedBy(certificate, issuer) && pathLengthOf(issuer) >= depth && leadsToTrust(issuer, depth + 1),
    );
  };
  try {
    return leadsToTrust(target, 0);
  } catch {
    return false; // a certificate that cannot be read (an unknown kind of key, bad DER in an extension) proves nothing
  }
}

/** Whether `issuer`, a CA, signed `certificate`. */
export function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

/** The extensions of a certificate. */
export function extensionsOf(certificate: X509Certificate): readonly Extension[] {
  return parseExtensions(certificate.raw.toString("latin1"));
}

// Parsing takes a millisecond, ten times as long as verifying a signature, and it is mostly the same few authorities that are asked about.
const parseExtensions = remembered(
  256,
  (der: string): readonly Extension[] => AsnConvert.parse(Buffer.from(der, "latin1"), Certificate).tbsCertificate.extensions ?? [],
);

function isUsable(certificate: X509Certificate, at: Date | undefined): boolean {
  if (at && (at < new Date(certificate.validFrom) || at > new Date(certificate.validTo))) return false;
  return extensionsOf(certificate).every(({ critical, extnID }) => !critical || UNDERSTOOD.has(extnID));
}

/** How many CAs may stand below this one. */
function pathLengthOf(ca: X509Certificate): number {
  const constraints = extensionsOf(ca).find(({ extnID }) => extnID === id_ce_basicConstraints);
  if (!constraints) return Infinity;
  return AsnConvert.parse(constraints.extnValue.buffer, BasicConstraints).pathLenConstraint ?? Infinity;
}

function idOf(certificate: X509Certificate): string {
  return certificate.fingerprint256;
}
