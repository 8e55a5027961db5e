import { ccf } from "@microsoft/ccf-app/global.js";
import { decodeBase64, decodeRecurring } from "../encoding/base64.js";
import { hex } from "../encoding/hex.js";
import { problemWithJson } from "../encoding/json.js";
import { ApiError } from "../http/errors.js";
import { accepted } from "../http/handler.js";
import { usedSignatures } from "../kv/tables.js";
import type { SignedBody } from "../model/evidence.js";
import type { Validator } from "../model/schema.js";
import type { CleanRoom } from "./attested.js";

const RSA_PSS = { name: "RSA-PSS", hash: "SHA-256", saltLength: 32 } as const;

/**
 * The JSON that a clean room has signed, checked against a schema where one is given.
 *
 * The signature must be by the key that the evidence binds: evidence is no secret, and could be sent with anyone's signature.
 *
 * @throws ApiError SignatureMismatch, ReportDataMismatch, DataMissing, InvalidInput
 */
export function signedJson<T = unknown>({ publicKey }: CleanRoom, { sign, data }: SignedBody, validator?: Validator<T>): T {
  if (!sign?.publicKey || !sign.signature)
    throw new ApiError("SignatureMismatch", "The sign field is incomplete: send publicKey and signature.");
  const key = decodeRecurring(sign.publicKey);
  if (!key || ccf.bufToStr(key) !== publicKey) {
    throw new ApiError("ReportDataMismatch", "sign.publicKey is not the key that the evidence binds: sign with that key.");
  }
  if (!data) throw new ApiError("DataMissing");
  const bytes = decodeBase64(data);
  if (!bytes) throw new ApiError("InvalidInput", "body/data is not base64");
  if (!verifies(publicKey, signatureOf(sign.signature), bytes)) throw new ApiError("SignatureMismatch");
  const value = jsonOf(bytes);
  return validator ? accepted("data", validator, () => value) : (value as T);
}

function signatureOf(base64: string): ArrayBuffer {
  const signature = decodeBase64(base64);
  if (!signature) throw new ApiError("SignatureMismatch", "sign.signature is not base64.");
  return signature;
}

function verifies(publicKey: string, signature: ArrayBuffer, data: ArrayBuffer): boolean {
  try {
    return ccf.crypto.verifySignature(RSA_PSS, publicKey, signature, data);
  } catch {
    throw new ApiError("SignatureMismatch", "sign.publicKey is no RSA key: signatures are RSASSA-PSS.");
  }
}

function jsonOf(bytes: ArrayBuffer): unknown {
  let value: unknown;
  try {
    value = ccf.bufToJsonCompatible(bytes);
  } catch {
    throw new ApiError("InvalidInput", "data is not the base64 of JSON");
  }
  const problem = problemWithJson(value);
  if (problem !== undefined) throw new ApiError("InvalidInput", `data ${problem}`);
  return value;
}

/** The signature as a number without leading zeros: OpenSSL takes it with them and without (against RFC 8017, section 8.1.2, step 1). */
function numberOf(signature: ArrayBuffer): ArrayBuffer {
  const bytes = new Uint8Array(signature);
  let zeros = 0;
  while (bytes[zeros] === 0) zeros++;
  return zeros === 0 ? signature : signature.slice(zeros);
}

/**
 * Notes what the signature of a request is used for. A signature covers the data alone, not what is done with them; so one that was seen on
 * its way cannot be used again for anything else.
 *
 * @param use all that matters besides the data: the operation and what it is done to
 * @returns "same" where the signature was used for the same already: the client repeats its request, and nothing is left to do
 * @throws ApiError SignatureReused (409)
 */
export function useSignature({ sign }: SignedBody, use: string): "new" | "same" {
  const id = hex(ccf.crypto.digest("SHA-256", numberOf(signatureOf(sign?.signature ?? ""))));
  const earlier = usedSignatures.get(id);
  if (earlier === use) return "same";
  if (earlier !== undefined) throw new ApiError("SignatureReused");
  usedSignatures.set(id, use);
  return "new";
}
