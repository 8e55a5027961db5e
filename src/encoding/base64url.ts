import { encodeBase64 } from "./base64.js";

const URL_SAFE: Readonly<Record<string, string>> = { "+": "-", "/": "_", "=": "" };

/** base64url without padding (RFC 7515, section 2). */
export const encodeBase64Url = (bytes: ArrayBuffer): string =>
  encodeBase64(bytes).replace(/[+/=]/g, (character) => URL_SAFE[character] ?? "");
