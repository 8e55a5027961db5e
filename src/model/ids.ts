/**
 * Ids that people choose: contracts, documents, events, secrets.
 *
 * Letters, digits and the other characters that a URL leaves as they are (RFC 3986, "unreserved"): CCF hands path segments over without
 * decoding them, so anything else would name two things in two places. The first is a letter or a digit. None of them is a separator
 * that keys and table names are composed with.
 */
export const ID = { type: "string", pattern: "^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$" } as const;

/** In a query, where an empty value is the same as none. */
export const ID_OR_NONE = { type: "string", pattern: "^([A-Za-z0-9][A-Za-z0-9._~-]{0,127})?$" } as const;

/** Certificate fingerprints and CCF proposal ids: SHA-256, lower-case hexadecimal. */
export const DIGEST_ID = { type: "string", pattern: "^[0-9a-f]{64}$" } as const;
