const DAY_MS = 86_400_000;

/** CCF's limit for node and service certificates, in days. */
export const MAXIMUM_VALIDITY_DAYS = 365;

export type Validity = { readonly notBefore: Date; readonly notAfter: Date };

/**
 * So many days from `from`, to the second: the last second is not part of it, as in CCF.
 *
 * @throws RangeError for a number of days that is not 1 to 365
 */
export function validity(from: Date, days: number): Validity {
  if (!Number.isInteger(days) || days < 1 || days > MAXIMUM_VALIDITY_DAYS) {
    throw new RangeError(`a certificate is valid for 1 to ${MAXIMUM_VALIDITY_DAYS} days, not ${days}`);
  }
  const start = Math.floor(from.getTime() / 1000) * 1000;
  return { notBefore: new Date(start), notAfter: new Date(start + days * DAY_MS - 1000) };
}

const FORMS = [
  // ASN.1 UTCTime and GeneralizedTime (RFC 5280 section 4.1.2.5)
  /^(?<year>\d{2}|\d{4})(?<month>\d{2})(?<day>\d{2})(?<hour>\d{2})(?<minute>\d{2})(?<second>\d{2})Z$/,
  // ISO 8601, and the same with a space
  /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})[T ](?<hour>\d{2}):(?<minute>\d{2}):(?<second>\d{2})(?:\.\d+)?(?:Z|[+-]00:?00)?$/,
];

/**
 * Reads the start of a validity period as proposals give it, in UTC: `YYMMDDhhmmssZ`, `YYYYMMDDhhmmssZ` or ISO 8601.
 *
 * @throws RangeError
 */
export function parseValidFrom(text: string): Date {
  for (const form of FORMS) {
    const groups = form.exec(text)?.groups;
    if (!groups) continue;
    const { year = "", month, day, hour, minute, second } = groups;
    const century = year.length === 4 ? "" : Number(year) < 50 ? "20" : "19";
    const date = new Date(`${century}${year}-${month ?? ""}-${day ?? ""}T${hour ?? ""}:${minute ?? ""}:${second ?? ""}Z`);
    if (!Number.isNaN(date.getTime())) return date;
  }
  throw new RangeError(`'${text}' is not a time: use YYMMDDhhmmssZ, YYYYMMDDhhmmssZ or ISO 8601`);
}
