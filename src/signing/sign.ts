import { requireCleanRoom } from "../attestation/attested.js";
import { requireConsent } from "../consent/state.js";
import { decodeBase64, encodeBase64 } from "../encoding/base64.js";
import { ApiError } from "../http/errors.js";
import { handler } from "../http/handler.js";
import { payloadSigningKeys } from "../kv/tables.js";
import { ContractPath } from "../model/contract.js";
import { SignPayloadBody } from "../model/payload.js";
import type { TypeOf } from "../model/schema.js";
import { Released } from "../model/release.js";
import { wrapped } from "../release/wrap.js";
import { currentKey, sign } from "./key.js";

/** @throws ApiError PayloadMissing, PayloadInvalid */
function payloadOf({ payload }: TypeOf<typeof SignPayloadBody>): ArrayBuffer {
  if (!payload) throw new ApiError("PayloadMissing");
  const bytes = decodeBase64(payload);
  if (!bytes) throw new ApiError("PayloadInvalid");
  return bytes;
}

/**
 * POST /contracts/{contractId}/signing/sign: signs the bytes of a payload for a clean room of the contract; the base64 of the signature is
 * encrypted with the clean room's public key.
 *
 * The signature (RSASSA-PSS, SHA-256, salt of 32 bytes) says that a clean room of this service asked for it, not of which contract. The
 * key signs nothing else: in particular no tokens.
 *
 * @throws AttestationMissing (400), EncryptionMissing (400), PayloadMissing (400), PayloadInvalid (400), UnsupportedPlatform (400),
 *   VerifySnpAttestationFailed (400), ReportDataMismatch (400), ContractDisabled (403), SigningKeyNotAvailable (405)
 */
export const signPayload = handler(
  { params: ContractPath, body: SignPayloadBody, returns: Released, callers: ["no_auth"] },
  ({ params: { contractId }, body }) => {
    // In this order, which clients of the public service know: the payload is looked at before the evidence, if that is there.
    if (!body.attestation) throw new ApiError("AttestationMissing");
    if (!body.encrypt) throw new ApiError("EncryptionMissing");
    const payload = payloadOf(body);
    const room = requireCleanRoom(contractId, body, { delegate: { type: "podpolicies", id: "admin" } });
    requireConsent(contractId);
    return wrapped(room, encodeBase64(sign(currentKey(payloadSigningKeys), payload)));
  },
);
