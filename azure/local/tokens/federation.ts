import { createLocalJWKSet, decodeJwt, errors, jwtVerify, type JSONWebKeySet, type JWTPayload } from "jose";
import type { FederatedCredential } from "../../management.js";
import { Refused } from "../refused.js";

/** Fetches what an issuer publishes. */
export type KeysOf = (issuer: string) => Promise<JSONWebKeySet>;

/** Seconds that two clocks may differ by. */
const TOLERANCE = 60;

/**
 * Judges a token that a client shows instead of a secret: issuer, subject and audience must be exactly those of one of its federated
 * credentials, the signature that of the issuer's keys, and the dates of now. Only an issuer that a credential names is asked.
 *
 * Microsoft supports RS256, and says that others may work; governance signs PS256, the one RSA signature that CCF makes.
 * https://learn.microsoft.com/entra/workload-id/workload-identity-federation-considerations
 *
 * @throws Refused invalid_client, in the words of Entra
 */
export async function judgeAssertion(
  assertion: string,
  credentials: readonly FederatedCredential[],
  keysOf: KeysOf,
  now: Date,
): Promise<void> {
  const { iss, sub, aud } = claimsIn(assertion);
  const credential = credentials.find(({ issuer, subject, audiences }) => iss === issuer && sub === subject && named(aud, audiences));
  if (!credential) {
    throw refused(`AADSTS700213: No matching federated identity record found for presented assertion issuer '${iss ?? ""}', subject '${sub ?? ""}', audience '${String(aud)}'.`); // prettier-ignore
  }
  const keys = createLocalJWKSet(await keysOf(credential.issuer));
  try {
    await jwtVerify(assertion, keys, {
      algorithms: ["RS256", "PS256"],
      issuer: credential.issuer,
      subject: credential.subject,
      audience: [...credential.audiences],
      requiredClaims: ["exp"],
      clockTolerance: TOLERANCE,
      currentDate: now,
    });
  } catch (cause) {
    throw refused(reasonOf(cause), { cause });
  }
}

function claimsIn(assertion: string): JWTPayload {
  try {
    return decodeJwt(assertion);
  } catch (cause) {
    throw refused("AADSTS50027: JWT token is invalid or malformed.", { cause });
  }
}

/** A token for several audiences says too little of whom it is for. */
function named(audience: JWTPayload["aud"], audiences: readonly string[]): boolean {
  const [only, ...others] = typeof audience === "string" ? [audience] : (audience ?? []);
  return only !== undefined && others.length === 0 && audiences.includes(only);
}

function reasonOf(cause: unknown): string {
  if (cause instanceof errors.JWTExpired) return "AADSTS700024: Client assertion is not within its valid time range: it has expired.";
  if (cause instanceof errors.JWTClaimValidationFailed) {
    return `AADSTS700024: Client assertion is not within its valid time range: its "${cause.claim}" does not fit.`;
  }
  if (cause instanceof errors.JWKSNoMatchingKey) return "AADSTS700211: No key of the issuer has the id that the assertion names.";
  return "AADSTS700027: Client assertion failed signature validation.";
}

function refused(message: string, options?: ErrorOptions): Refused {
  return new Refused(401, "invalid_client", message, options);
}
