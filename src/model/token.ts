import { LINE } from "./issuer.js";
import { schema } from "./schema.js";

const SECONDS = { type: "string", pattern: "^[0-9]{0,12}$" } as const;

const TEXT = { type: "string", maxLength: 4096 } as const;

/** Read before it is known who asks: what is wrong with a value matters to clean rooms only. */
export const TokenQuery = schema({
  type: "object",
  properties: { sub: TEXT, aud: TEXT, jti: TEXT, tid: TEXT, iss: TEXT, iat: TEXT, nbf: TEXT, exp: TEXT },
});

/** What is missing or does not fit together is said by the operation. */
export const TokenParameters = schema({
  type: "object",
  properties: {
    sub: { ...LINE, description: "The contract id, or a subject that is registered for the contract." },
    aud: { ...LINE, description: "Whom the token is meant for." },
    jti: { ...LINE, description: "Identifies the token." },
    tid: { ...LINE, description: "The tenant whose issuer the token names." },
    iss: { description: "The issuer of the tenant, when absent or empty, or that of the service.", type: "string", maxLength: 2048 },
    iat: { ...SECONDS, description: "Now, in seconds since 1970." },
    nbf: { ...SECONDS, description: "From when on the token is valid: at most 3600 seconds before iat, which is meant when absent." },
    exp: { ...SECONDS, description: "Until when the token is valid: at most 3600 seconds after iat." },
  },
});
