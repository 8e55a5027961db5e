import { ccf } from "@microsoft/ccf-app/global.js";
import { requireCleanRoom } from "../attestation/attested.js";
import { signedJson, useSignature } from "../attestation/signed.js";
import { requireContract } from "../contracts/agreement.js";
import { hex } from "../encoding/hex.js";
import { ApiError } from "../http/errors.js";
import { handler } from "../http/handler.js";
import { secrets } from "../kv/tables.js";
import type { TypeOf } from "../model/schema.js";
import { MAX_SECRET, PutSecretBody, SecretNamePath, SecretWritten, SignedSecret } from "../model/secret.js";
import { CLEAN_ROOM, secretId, secretKey } from "./id.js";

function requireValue({ value }: TypeOf<typeof SignedSecret>): string {
  if (!value) throw new ApiError("ValueMissing");
  if (value.length > MAX_SECRET) throw new ApiError("ValueTooLarge");
  return value;
}

/** What a signature is used for, in a public table: nobody can guess the name of the secret who does not know the signature. */
const useOf = (contractId: string, secretName: string, { sign }: TypeOf<typeof PutSecretBody>): string =>
  `secret:${hex(ccf.crypto.digest("SHA-256", ccf.strToBuf(`${contractId}:${secretName}:${sign?.signature}`)))}`;

/** The value that the clean room of the contract has signed; undefined where the same request has been answered before. */
function signedValue(contractId: string, secretName: string, body: TypeOf<typeof PutSecretBody>): string | undefined {
  if (!body.attestation) throw new ApiError("InvalidAuthenticationInfo");
  const secret = signedJson(requireCleanRoom(contractId, body), body);
  if (!SignedSecret(secret)) throw new ApiError("InvalidInput", "data/value must be a string of Unicode characters without NUL");
  const value = requireValue(secret);
  return useSignature(body, useOf(contractId, secretName, body)) === "new" ? value : undefined;
}

/**
 * PUT /contracts/{contractId}/secrets/{secretName}: keeps a value that only clean rooms of the contract are given.
 *
 * A member writes secrets of his own, also before the contract is accepted. The clean room of the contract writes what it has signed; a
 * request that is sent again changes nothing, so nobody can bring back an older value.
 *
 * @throws Of members: ValueMissing (400), ValueTooLarge (400), ContractNotFound (404). Of others: InvalidAuthenticationInfo (401) without
 * evidence, EncryptionMissing (400), UnsupportedPlatform (400), VerifySnpAttestationFailed (400), ReportDataMismatch (400),
 * SignatureMismatch (400), ValueMissing (400), ValueTooLarge (400), SignatureReused (409)
 */
export const putSecret = handler(
  { params: SecretNamePath, body: PutSecretBody, returns: SecretWritten, callers: ["member_cert", "no_auth"], activeMembers: true },
  ({ params: { contractId, secretName }, body, caller }) => {
    const write = (owner: string, value: string | undefined) => {
      const key = secretKey(owner, secretName);
      if (value !== undefined) secrets(contractId).set(key, { value });
      return { secretId: secretId(key) };
    };
    if (caller.policy === "no_auth") return write(CLEAN_ROOM, signedValue(contractId, secretName, body));
    const value = requireValue(body);
    requireContract(contractId);
    return write(caller.id, value);
  },
);
