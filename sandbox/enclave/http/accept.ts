import { CcfError } from "./errors.js";
import { splitOnce } from "./splitOnce.js";

const JSON_TYPE = "application/json";

/**
 * Whether a client takes JSON, by its `accept` header (CCF `include/ccf/http_accept.h`): without the header it does, and with it where any
 * entry names JSON or a wildcard for it. Preferences must be numbers, and nothing more: also `q=0` is taken. Parameters count as part of
 * the subtype, so that `application/json;charset=utf-8` is no JSON.
 *
 * @throws CcfError InvalidHeaderValue, UnsupportedContentType
 */
export function requireJsonAccepted(accept: string | undefined): void {
  if (accept === undefined) return;
  const text = accept.replaceAll(" ", "");
  const types = text === "" ? [] : text.split(",").map(typeOf);
  if (types.some(([type, subtype]) => matches(type, "application") && matches(subtype, "json"))) return;
  const message = `No supported content type in accept header: ${accept}\nOnly ${JSON_TYPE} is currently supported`;
  throw new CcfError("UnsupportedContentType", message);
}

function typeOf(entry: string): readonly [string, string] {
  const [types, preference] = splitOnce(entry, ";q=");
  const [type, subtype] = splitOnce(types, "/");
  if (type === "" || subtype === "") throw invalid("Entry in Accept header is not a valid MIME type", entry);
  if (preference !== "" && !isNumber(preference)) throw invalid("Could not parse q-factor from MIME type in Accept header", entry);
  return [type, subtype];
}

/** The limits of a C++ `float`, beyond which `std::stof` throws. */
const SMALLEST = 2 ** -126;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

/** Whether the text begins with a number, as `std::stof` reads it. */
function isNumber(text: string): boolean {
  const [number] = /^\s*[+-]?(?:\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?|inf|nan)/i.exec(text) ?? [];
  if (number === undefined) return false;
  const size = Math.abs(Number(number));
  return Number.isNaN(size) || size === 0 || (size >= SMALLEST && size <= LARGEST); // inf and nan are no numbers to JavaScript
}

const matches = (pattern: string, name: string): boolean => pattern === "*" || pattern === name;

const invalid = (problem: string, entry: string): CcfError => new CcfError("InvalidHeaderValue", `${problem}: ${entry}`);
