import { randomUUID } from "node:crypto";
import { getJson, governance } from "../client/session.js";
import { ask, fieldsOf, queryOf, released, segment, write, type Contract, type Fields } from "./contract.js";
import { CleanRoomError } from "./errors.js";
import { attestedBody, evidenceBody, signedBody } from "./request.js";

/* What a clean room asks its contract for. All throw ServiceError, ConnectionError and CleanRoomError; those that write, CommitError. */

export const consentOptions = ["execution", "logging", "telemetry"] as const;

export type ConsentOption = (typeof consentOptions)[number];

export type Consent = {
  readonly status: "enabled" | "disabled";
  readonly reason?: { readonly code: string; readonly message: string };
  readonly proposalIds?: readonly string[];
};

/** Whether the clean room may run, or give its logs or telemetry away. Whatever is thrown here means no. */
export async function consentCheck(contract: Contract, option: ConsentOption): Promise<Consent> {
  const answer = await ask(contract, "POST", `/consentcheck/${option}`, evidenceBody(await contract.room()));
  if (answer.status === "enabled" || answer.status === "disabled") return answer as Consent;
  throw new CleanRoomError("UnexpectedAnswer", "the service answered a consent check without a status that is enabled or disabled");
}

export type TokenWanted = {
  /** The contract id, or a subject that is registered for the contract. */
  readonly subject: string;
  /** Whose issuer the token names. */
  readonly tenantId: string;
  readonly audience: string;
  /** The issuer of the tenant is meant where none is given. */
  readonly issuer?: string | undefined;
};

/** Seconds that a token is good for. */
const TOKEN_LIFETIME = 300;

/** A JWT that other services take in the place of a password. */
export function token(contract: Contract, { subject, tenantId, audience, issuer }: TokenWanted): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const dates = { nbf: now, exp: now + TOKEN_LIFETIME, iat: now };
  const query = queryOf({ ...dates, jti: randomUUID(), sub: subject, tid: tenantId, aud: audience, iss: issuer });
  return released(contract, `/oauth/token${query}`);
}

/** @param secretId as it was answered when the secret was written */
export function secret(contract: Contract, secretId: string): Promise<string> {
  return released(contract, `/secrets/${segment(secretId)}`);
}

/** Keeps a secret for the clean rooms of this contract. @param json `{"value": TEXT}` */
export async function putSecret(contract: Contract, name: string, json: string): Promise<{ readonly secretId: string }> {
  const answer = fieldsOf(await write(contract, `/secrets/${segment(name)}`, signedBody(await contract.room(), json)));
  if (typeof answer.secretId === "string") return answer as { readonly secretId: string };
  throw new CleanRoomError("UnexpectedAnswer", "the service kept a secret and did not say under which id");
}

/**
 * Tells what happened, for members to read.
 *
 * @param json any JSON, signed as it is written
 * @param name the contract's own event, where no id is given
 */
export async function putEvent(
  contract: Contract,
  json: string,
  name: { readonly id?: string | undefined; readonly scope?: string | undefined } = {},
): Promise<void> {
  await write(contract, `/events${queryOf({ id: name.id, scope: name.scope })}`, signedBody(await contract.room(), json));
}

/** Lets other clean rooms in for one purpose. @param json `{"type": "add" | "remove", "claims": {...}}` */
export async function putDelegate(contract: Contract, type: string, id: string, json: string): Promise<void> {
  await write(contract, `/cleanroompolicy/delegates/${segment(type)}/${segment(id)}`, signedBody(await contract.room(), json));
}

/** An accepted document of the contract. */
export async function document(contract: Contract, documentId: string): Promise<unknown> {
  return parsed(await released(contract, `/acceptedDocuments/${segment(documentId)}`));
}

/** The base64 of an RSASSA-PSS signature by the key of the service. @param payload base64 */
export async function sign(contract: Contract, payload: unknown): Promise<string> {
  return released(contract, "/signing/sign", { ...attestedBody(await contract.room()), payload });
}

export async function isCaEnabled(contract: Contract): Promise<{ readonly enabled: boolean }> {
  const answer = await ask(contract, "GET", "/ca/isEnabled", evidenceBody(await contract.room()));
  if (typeof answer.enabled === "boolean") return answer as { readonly enabled: boolean };
  throw new CleanRoomError("UnexpectedAnswer", "the service did not say whether the contract has a CA");
}

/**
 * A certificate by the CA of the contract.
 *
 * @param json `{"publicKey": PEM, "subjectName": "CN=...", "subjectAlternateNames"?: ["dNSName:..."], "validityPeriodDays": NUMBER}`
 */
export async function endorsedCertificate(contract: Contract, json: string): Promise<unknown> {
  return parsed(await released(contract, "/ca/generateEndorsedCert", signedBody(await contract.room(), json)));
}

/** The members, as the governance API of the service lists them. */
export async function members({ transport }: Contract): Promise<Fields> {
  return fieldsOf(await getJson(transport, governance("/gov/service/members")));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CleanRoomError("UnexpectedAnswer", "what the service released is not JSON", { cause });
  }
}
