import { requireCleanRoom } from "../attestation/attested.js";
import { requireConsent } from "../consent/state.js";
import { handler } from "../http/handler.js";
import { oidcSigningKeys } from "../kv/tables.js";
import { AttestedBody } from "../model/evidence.js";
import { ContractPath } from "../model/contract.js";
import { TokenQuery } from "../model/token.js";
import { Released } from "../model/release.js";
import { wrapped } from "../release/wrap.js";
import { currentKey } from "../signing/key.js";
import { tokenRequest } from "./claims.js";
import { issuerFor } from "./issuer.js";
import { signedJwt } from "./jwt.js";
import { requireOwnSubject } from "./subject.js";

/**
 * POST /contracts/{contractId}/oauth/token: issues a token to a clean room of the contract, encrypted with its public key.
 *
 * The token is a JWT that other services accept in place of a password. Its subject belongs to this contract alone: it is the contract
 * id, or what the members registered for the contract. Its issuer is that of the tenant `tid`, otherwise that of the service.
 *
 * @throws AttestationMissing (400), EncryptionMissing (400), UnsupportedPlatform (400), VerifySnpAttestationFailed (400),
 *   ReportDataMismatch (400), ContractDisabled (403), InvalidInput (400), SubjectNotAllowed (403), SigningKeyNotAvailable (405),
 *   IssuerUrlNotSet (405)
 */
export const issueToken = handler(
  { params: ContractPath, query: TokenQuery, body: AttestedBody, returns: Released, callers: ["no_auth"] },
  ({ params: { contractId }, query, body }) => {
    const delegate = query.sub ? { delegate: { type: "oauth-federation-subjects", id: query.sub } } : {};
    const room = requireCleanRoom(contractId, body, delegate);
    requireConsent(contractId);

    const { exp, iat, jti, sub, aud, nbf, tid, iss } = tokenRequest(query);
    requireOwnSubject(contractId, sub);

    const key = currentKey(oidcSigningKeys);
    return wrapped(room, signedJwt(key, { aud, exp, iss: issuerFor(tid, iss).url, jti, nbf, sub, iat }));
  },
);
