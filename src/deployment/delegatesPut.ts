import { requireCleanRoom } from "../attestation/attested.js";
import { delegateKey, delegatePolicyOf } from "../attestation/policy.js";
import { signedJson, useSignature } from "../attestation/signed.js";
import { ApiError } from "../http/errors.js";
import { handler } from "../http/handler.js";
import { changed } from "../kv/policyChange.js";
import { delegatePolicies } from "../kv/tables.js";
import { SignedBody } from "../model/evidence.js";
import { DelegateChange, DelegatePath } from "../model/delegate.js";
import { delegateAt } from "./delegates.js";

/**
 * PUT /contracts/{contractId}/cleanroompolicy/delegates/{delegateType}/{delegateId}: lets clean rooms with other claims in for one purpose.
 *
 * A clean room of the contract itself says so, and signs what it says. The same request again changes nothing.
 *
 * @throws AttestationMissing (400), EncryptionMissing (400), UnsupportedPlatform (400), VerifySnpAttestationFailed (400),
 * ReportDataMismatch (400), SignatureMismatch (400), DataMissing (400), InvalidInput (400), SignatureReused (409)
 */
export const putDelegate = handler({ params: DelegatePath, body: SignedBody, callers: ["no_auth"] }, ({ params, body }) => {
  const { contractId } = params;
  const room = requireCleanRoom(contractId, body);
  const change = signedJson(room, body, DelegateChange);

  const delegate = delegateAt(params);
  const key = delegateKey(delegate);
  if (useSignature(body, `delegate:${contractId}:${key}`) === "same") return;

  const policy = changed(delegatePolicyOf(contractId, delegate) ?? new Map(), change);
  if (typeof policy === "string") throw new ApiError("InvalidInput", `data: ${policy}`);
  if (policy.size === 0) delegatePolicies(contractId).delete(key);
  else delegatePolicies(contractId).set(key, Object.fromEntries(policy));
});
