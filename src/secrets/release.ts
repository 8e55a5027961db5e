import { requireCleanRoom } from "../attestation/attested.js";
import { requireConsent } from "../consent/state.js";
import { ApiError } from "../http/errors.js";
import { handler } from "../http/handler.js";
import { secrets } from "../kv/tables.js";
import { AttestedBody } from "../model/evidence.js";
import { Released } from "../model/release.js";
import { SecretIdPath } from "../model/secret.js";
import { wrapped } from "../release/wrap.js";
import { canonicalSecretId, keyOfSecretId } from "./id.js";

/**
 * POST /contracts/{contractId}/secrets/{secretName}: gives a secret to the clean room of the contract, or to one that the clean room has
 * let in for this secret, encrypted with the key that its evidence binds.
 *
 * @throws AttestationMissing (400), EncryptionMissing (400), UnsupportedPlatform (400), VerifySnpAttestationFailed (400),
 * ReportDataMismatch (400), ContractDisabled (403), SecretNotFound (404)
 */
export const releaseSecret = handler(
  { params: SecretIdPath, body: AttestedBody, returns: Released, callers: ["no_auth"] },
  ({ params: { contractId, secretName }, body }) => {
    const room = requireCleanRoom(contractId, body, { delegate: { type: "secrets", id: canonicalSecretId(secretName) } });
    requireConsent(contractId);
    const key = keyOfSecretId(secretName);
    const secret = key === undefined ? undefined : secrets(contractId).get(key);
    if (!secret) throw new ApiError("SecretNotFound");
    return wrapped(room, secret.value);
  },
);
