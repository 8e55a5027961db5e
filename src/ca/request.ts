import { ApiError } from "../http/errors.js";
import { CertificateRequest } from "../model/ca.js";
import { type AlternativeName, parseAlternativeName } from "./alternativeName.js";
import { parsePublicKey, type SubjectKey } from "./publicKey.js";
import { type Attribute, CA_NAME, parseSubject } from "./subject.js";

/** What a clean room may have certified. */
export type LeafRequest = {
  readonly key: SubjectKey;
  readonly subject: readonly Attribute[];
  readonly alternativeNames: readonly AlternativeName[];
  readonly days: number;
};

const refused = (field: string, rule: string) => new ApiError("InvalidInput", `data/${field} ${rule}`);

/** Names that differ in case or in the amount of white space are one name (RFC 5280 section 7.1). */
const folded = (subject: readonly Attribute[]) =>
  JSON.stringify(subject.map(({ type, value }) => [type, value.normalize("NFKC").toLowerCase().trim().replace(/\s+/g, " ")]));

const isCaName = (subject: readonly Attribute[]) => folded(subject) === folded(CA_NAME);

/**
 * Checks what a clean room asks to have certified.
 *
 * @param caSpki the key of the CA, which is no one else's
 * @throws ApiError InvalidInput (400)
 */
export function leafRequest(data: unknown, caSpki: string): LeafRequest {
  if (!CertificateRequest(data)) {
    const [violation] = CertificateRequest.errors ?? [];
    throw new ApiError("InvalidInput", `data${violation?.instancePath ?? ""} ${violation?.message ?? "is not accepted"}`);
  }
  const key = parsePublicKey(data.publicKey);
  if (!key) throw refused("publicKey", "must be the PEM of an RSA key of 2048 to 8192 bits, or of a key on P-256, P-384 or P-521");
  if (key.spki === caSpki) throw refused("publicKey", "is the key of the CA");

  const subject = parseSubject(data.subjectName);
  if (!subject) throw refused("subjectName", "must be like CN=web,O=Example, of CN, O, OU, L, ST and C, escaped as in RFC 4514");
  if (isCaName(subject)) throw refused("subjectName", "is the name of the CA");

  const alternativeNames = (data.subjectAlternateNames ?? []).map((text, index) => {
    const name = parseAlternativeName(text);
    if (!name) throw refused(`subjectAlternateNames/${index}`, "must be dNSName: with one DNS name, or iPAddress: with one address");
    return name;
  });
  return { key, subject, alternativeNames, days: data.validityPeriodDays };
}
