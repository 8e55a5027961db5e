import { createPublicKey, verify, type KeyObject } from "node:crypto";
import { CcfError } from "../http/errors.js";
import { parseErrorText } from "../http/parseError.js";
import type { Authentication, AuthenticationInput } from "./policy.js";

const CHALLENGE = 'Bearer realm="JWT bearer token access", error="invalid_token"';
const ALGORITHMS = ["RS256", "ES256"];
const KEYS = "public:ccf.gov.jwt.public_signing_keys_metadata_v2";

type Json = Record<string, unknown>;
type SigningKey = { readonly public_key: string; readonly issuer: string; readonly constraint?: string };

/**
 * `jwt`: a bearer token signed by a key that governance registered (CCF documentation, "JWT Authentication").
 *
 * As CCF 6.0.7 does, the kind of key decides how the signature is verified, not the header's `alg`, which must only be RS256 or ES256;
 * `aud` is left to the application.
 *
 * @throws CcfError for what CCF answers with an exception: base64url that does not decode (500), dates that are no numbers (400)
 */
export function jwt(input: AuthenticationInput): Authentication {
  try {
    return { caller: callerOf(input) };
  } catch (error) {
    if (error instanceof Refused) return { refused: error.message, challenge: CHALLENGE };
    throw error;
  }
}

class Refused extends Error {}

function callerOf(input: AuthenticationInput): { readonly policy: "jwt" } & Json {
  const [headerPart, payloadPart, signaturePart] = tokenOf(input.request.headers.authorization);
  const [headerText, payloadText, signature] = [decode(headerPart), decode(payloadPart), decode(signaturePart)];
  const header = objectOf(headerText);
  const payload = objectOf(payloadText);

  const kid = checkHeader(header);
  const { exp, iss, nbf, tid } = checkPayload(payload);
  const keys = signingKeys(input, kid);
  if (keys.length === 0) throw new Refused(`JWT signing key not found for kid ${kid}`);

  const signed = Buffer.from(`${headerPart}.${payloadPart}`);
  const now = Math.floor(input.now() / 1000);
  let problem = "";
  for (const key of keys) {
    problem = problemWith(key);
    if (problem === "") return { policy: "jwt", jwt: { keyIssuer: key.issuer, header, payload } };
  }
  throw new Refused(problem); // of several keys with this id, CCF tells of the last

  function problemWith(key: SigningKey): string {
    if (!verifies(key, signed, signature)) return "Signature verification failed";
    if (nbf !== undefined && now < nbf) return `Current time ${now} is before token's Not Before (nbf) claim optional(${nbf})`;
    if (now > exp) return `Current time ${now} is after token's Expiration Time (exp) claim ${exp}`;
    if (!meetsConstraint(key.constraint, iss, tid)) return `Kid ${kid} failed issuer constraint validation ${key.constraint ?? ""}`;
    return "";
  }
}

function tokenOf(authorization: string | undefined): readonly [string, string, string] {
  if (authorization === undefined) throw new Refused("Missing authorization header");
  const space = authorization.indexOf(" ");
  if (space < 0) throw new Refused("Authorization header only contains one field");
  if (authorization.slice(0, space) !== "Bearer") throw new Refused("Authorization header does not have Bearer scheme");
  const [header, payload, signature, ...more] = authorization.slice(space + 1).split(".");
  if (header === undefined || payload === undefined || signature === undefined || more.length > 0) {
    throw new Refused("Malformed JWT: must contain exactly 3 parts");
  }
  return [header, payload, signature];
}

function decode(part: string): Buffer {
  if (!/^[A-Za-z0-9_-]*={0,2}$/.test(part)) throw new CcfError("InternalError", undecodable(part));
  return Buffer.from(part, "base64url");
}

/**
 * What OpenSSL makes of base64url with a wrong character, in CCF's words: the length of the padded text, the size of the buffer that
 * `EVP_DECODE_LENGTH` makes for it, and how much came out of the lines of 64 characters before that one.
 */
function undecodable(part: string): string {
  const quads = Math.ceil(part.length / 4);
  const lines = Math.floor(part.search(/[^A-Za-z0-9_-]/) / 64);
  const extent = `${4 * quads} bytes out of ${3 * quads + 80}, chunk_len = ${48 * lines}`;
  return `OSSL: Could not decode update from base64 string: unknown error [${extent}]`;
}

function objectOf(text: Buffer): Json {
  let value: unknown;
  try {
    value = JSON.parse(text.toString());
  } catch {
    throw new Refused(`JWT header or payload is not valid JSON: ${parseErrorText(text.toString())}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Refused("JWT header or payload is not an object");
  return value as Json;
}

const missing = (field: string, object: Json): string =>
  `At #/: Missing required field '${field}' in object: ${JSON.stringify(sorted(object))}`;

const sorted = (object: Json): Json => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));

function checkHeader(header: Json): string {
  const { alg, kid } = header;
  for (const field of ["alg", "kid"]) {
    if (!Object.hasOwn(header, field)) throw new Refused(`JWT header does not follow schema: ${missing(field, header)}`);
    if (field === "alg" && !ALGORITHMS.includes(alg as string)) {
      throw new Refused(`JWT header does not follow schema: At #/alg: ${JSON.stringify(alg)} is not convertible to JwtCryptoAlgorithm`);
    }
  }
  return textual(kid);
}

function checkPayload(payload: Json): { exp: number; iss: string; nbf: number | undefined; tid: string | undefined } {
  for (const field of ["exp", "iss"]) {
    if (!Object.hasOwn(payload, field)) throw new Refused(`JWT payload is missing required field: ${missing(field, payload)}`);
  }
  const { exp, iss, nbf, tid } = payload;
  return { exp: numeric(exp), iss: textual(iss), nbf: optional(numeric, nbf), tid: optional(textual, tid) };
}

const typeError = (wanted: string, value: unknown): CcfError =>
  new CcfError("InvalidInput", `[json.exception.type_error.302] type must be ${wanted}, but is ${value === null ? "null" : typeof value}`);

function numeric(value: unknown): number {
  if (typeof value !== "number") throw typeError("number", value);
  return value;
}

function textual(value: unknown): string {
  if (typeof value !== "string") throw typeError("string", value);
  return value;
}

/** What a payload need not have: also `null` says that it has not. */
const optional = <T>(read: (value: unknown) => T, value: unknown): T | undefined =>
  value === undefined || value === null ? undefined : read(value);

function signingKeys({ tx }: AuthenticationInput, kid: string): readonly SigningKey[] {
  const row = tx.table(KEYS).get(Buffer.from(kid));
  return row ? (JSON.parse(Buffer.from(row).toString()) as SigningKey[]) : [];
}

// Parsing a key costs more than verifying with it; keys are few and change by governance only.
const parsed = new Map<string, KeyObject>();

function publicKeyOf(base64: string): KeyObject {
  let key = parsed.get(base64);
  if (!key) {
    if (parsed.size >= 100) parsed.clear();
    key = createPublicKey({ key: Buffer.from(base64, "base64"), format: "der", type: "spki" });
    parsed.set(base64, key);
  }
  return key;
}

function verifies(signingKey: SigningKey, signed: Buffer, signature: Buffer): boolean {
  const key = publicKeyOf(signingKey.public_key);
  return verify("sha256", signed, key.asymmetricKeyType === "ec" ? { key, dsaEncoding: "ieee-p1363" } : key, signature);
}

const ENTRA_HOST = "login.microsoftonline.com";
const TENANT = "{tenantid}";

/**
 * Whether a token's issuer satisfies the constraint of the key that signed it (CCF `validate_issuer`).
 *
 * Of Microsoft Entra, the issuer must be the constraint with the token's `tid` for its `{tenantid}`, and its path must begin with that
 * `tid`, also where the constraint names a tenant itself. Any other issuer must be equal, and the token must have no `tid`.
 */
function meetsConstraint(constraint: string | undefined, iss: string, tid: string | undefined): boolean {
  if (constraint === undefined) return true;
  if (parts(constraint).host !== ENTRA_HOST) return tid === undefined && iss === constraint;
  const wanted = tid === undefined ? constraint : constraint.replace(TENANT, () => tid);
  const tenant = parts(iss)
    .path.split("/")
    .find((segment) => segment !== "");
  return iss === wanted && tenant !== undefined && tenant === tid;
}

/** Host and path of a URL as CCF takes them apart (RFC 3986, appendix B): nothing is normalised, and any text without scheme is a path. */
function parts(url: string): { readonly host: string; readonly path: string } {
  const [, authority = "", path = ""] = /^(?:[^:/?#]+:)?(?:\/\/([^/?#]*))?([^?#]*)/.exec(url) ?? [];
  return { host: authority.replace(/:[^\]]*$/, ""), path };
}
