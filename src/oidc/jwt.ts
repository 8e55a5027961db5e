import { ccf } from "@microsoft/ccf-app/global.js";
import { encodeBase64Url } from "../encoding/base64url.js";
import type { SigningKey } from "../kv/tables.js";
import { sign } from "../signing/key.js";
import type { Claims } from "./claims.js";

const encoded = (part: object): string => encodeBase64Url(ccf.jsonCompatibleToBuf(part));

/** Signs claims, in the order in which they are given (RFC 7519; PS256 of RFC 7518, 3.5). */
export function signedJwt(key: SigningKey, claims: Claims): string {
  const input = `${encoded({ alg: "PS256", typ: "JWT", kid: key.kid })}.${encoded(claims)}`;
  return `${input}.${encodeBase64Url(sign(key, ccf.strToBuf(input)))}`;
}
