import { CcfError } from "../enclave/http/errors.js";

/** CCF's defaults (`include/ccf/http_configuration.h`): names that a request may have, and bytes of a name or of a value. */
const MAX_HEADERS = 256;
const MAX_BYTES = 16 * 1024;

/** Bytes that the headers of a request can have in all, its first line included. */
export const MAX_SECTION_BYTES = MAX_HEADERS * 2 * MAX_BYTES;

/**
 * Lower-case names, UTF-8 values; the first of several, as CCF keeps it.
 *
 * @param raw names and values in turn, a byte a character
 * @throws CcfError for more, or for larger ones, than CCF takes
 */
export function headersOf(raw: readonly string[]): Record<string, string> {
  const headers: Record<string, string> = {};
  let count = 0;
  for (let i = 0; i < raw.length; i += 2) {
    const [name, value] = [(raw[i] ?? "").toLowerCase(), raw[i + 1] ?? ""];
    if (count === MAX_HEADERS) throw tooLarge(`Too many headers (max number allowed: ${MAX_HEADERS})`);
    if (name.length > MAX_BYTES) throw tooLarge(`Header key for '${name}' is too large (${LIMIT})`);
    if (value.length > MAX_BYTES) throw tooLarge(`Header value for '${name}' is too large (${LIMIT})`);
    if (Object.hasOwn(headers, name)) continue;
    headers[name] = Buffer.from(value, "latin1").toString("utf8");
    count++;
  }
  return headers;
}

/** For headers that are more than the parser holds, so that nobody knows which of them is too large. */
export const sectionTooLarge = (): CcfError =>
  tooLarge(`HTTP request headers are too large (max size allowed: ${MAX_SECTION_BYTES / 1024 / 1024}MB)`);

const LIMIT = `max size allowed: ${MAX_BYTES / 1024}KB`;

const tooLarge = (message: string): CcfError => new CcfError("RequestHeaderTooLarge", message);
