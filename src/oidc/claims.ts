import { ApiError } from "../http/errors.js";
import { accepted } from "../http/handler.js";
import { TokenParameters } from "../model/token.js";

/** Seconds. */
const HOUR = 3600;

export type Claims = {
  readonly aud: string;
  readonly exp: number;
  readonly iss: string;
  readonly jti: string;
  readonly nbf: number;
  readonly sub: string;
  readonly iat: number;
};

/** What a clean room asks for: the claims but for the issuer, which follows from the tenant. */
export type TokenRequest = Omit<Claims, "iss"> & { readonly tid: string; readonly iss: string | undefined };

/**
 * Reads the query of a request for a token.
 *
 * The service has no clock that it could trust, so the dates are those of the clean room, an hour apart at most: also the first from the
 * second, or a token dated far ahead would be valid until then.
 *
 * @throws ApiError InvalidInput
 */
export function tokenRequest(given: object): TokenRequest {
  const query = accepted("query", TokenParameters, () => given);
  const required = (name: "exp" | "iat" | "jti" | "sub" | "tid" | "aud"): string => {
    const value = query[name];
    if (!value) throw new ApiError("InvalidInput", `query/${name} is missing or empty`);
    return value;
  };
  const exp = Number(required("exp"));
  const iat = Number(required("iat"));
  const nbf = query.nbf ? Number(query.nbf) : iat;
  const request = { exp, iat, jti: required("jti"), sub: required("sub"), tid: required("tid"), aud: required("aud"), nbf, iss: query.iss };

  if (!(nbf <= iat && iat < exp)) throw new ApiError("InvalidInput", "query must have nbf <= iat < exp");
  if (exp - iat > HOUR) throw new ApiError("InvalidInput", `query/exp must be at most ${HOUR} seconds after iat`);
  if (iat - nbf > HOUR) throw new ApiError("InvalidInput", `query/nbf must be at most ${HOUR} seconds before iat`);
  return request;
}
