import { CcfError } from "../http/errors.js";
import { parseErrorText } from "../http/parseError.js";

/**
 * Reads a signed body as JSON.
 *
 * @throws CcfError InvalidInput
 */
export function parseBody(content: Uint8Array): unknown {
  const text = Buffer.from(content).toString("utf8");
  try {
    return JSON.parse(text);
  } catch {
    throw new CcfError("InvalidInput", parseErrorText(text));
  }
}

/** How nlohmann names the type of a value. */
export function jsonType(value: unknown): string {
  if (value === null || value === undefined) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
