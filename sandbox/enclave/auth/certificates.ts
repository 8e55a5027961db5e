import { createHash, X509Certificate } from "node:crypto";
import type { Transaction } from "../kv/transaction.js";
import type { Authentication, AuthenticationInput } from "./policy.js";

/** Hexadecimal SHA-256 of a certificate's DER: the id of a member or user. */
export const certificateId = (der: Uint8Array): string => createHash("sha256").update(der).digest("hex");

/** `user_cert`: a TLS client certificate of a registered user, within its validity period. */
export function userCert(input: AuthenticationInput): Authentication {
  const der = input.request.certificate;
  if (!der) return { refused: "No caller user certificate" };
  const id = certificateId(der);
  const cert = text(input.tx, "public:ccf.gov.users.certs", id);
  if (cert === undefined) return { refused: "Could not find matching user certificate" };
  const expired = outsideValidity(der, input.now());
  if (expired) return { refused: expired };
  return { caller: { policy: "user_cert", id, data: userData(input.tx, id), cert } };
}

/** `member_cert`: a TLS client certificate of a member of any status; CCF checks no validity period here. */
export function memberCert(input: AuthenticationInput): Authentication {
  const der = input.request.certificate;
  if (!der) return { refused: "No caller member certificate" };
  const id = certificateId(der);
  const cert = text(input.tx, "public:ccf.gov.members.certs", id);
  if (cert === undefined) return { refused: "Could not find matching member certificate" };
  return { caller: { policy: "member_cert", id, data: memberData(input.tx, id), cert } };
}

/** `any_cert`: any TLS client certificate within its validity period. */
export function anyCert(input: AuthenticationInput): Authentication {
  const der = input.request.certificate;
  if (!der) return { refused: "No caller certificate" };
  const expired = outsideValidity(der, input.now());
  if (expired) return { refused: expired };
  return { caller: { policy: "any_cert", cert: new X509Certificate(der).toString() } };
}

export const userData = (tx: Transaction, id: string): unknown => field(tx, "public:ccf.gov.users.info", id, "user_data");

const memberData = (tx: Transaction, id: string): unknown => field(tx, "public:ccf.gov.members.info", id, "member_data");

function text(tx: Transaction, table: string, key: string): string | undefined {
  const value = tx.table(table).get(Buffer.from(key));
  return value && Buffer.from(value).toString();
}

function field(tx: Transaction, table: string, key: string, name: string): unknown {
  const row = text(tx, table, key);
  return row === undefined ? null : ((JSON.parse(row) as Record<string, unknown>)[name] ?? null);
}

function outsideValidity(der: Uint8Array, now: number): string | undefined {
  const { validFrom, validTo } = new X509Certificate(der);
  const show = (time: number): string => new Date(time).toISOString();
  if (now < Date.parse(validFrom)) {
    return `Current time ${show(now)} is before certificate's Not Before validity period ${show(Date.parse(validFrom))}`;
  }
  if (now > Date.parse(validTo)) {
    return `Current time ${show(now)} is after certificate's Not After validity period ${show(Date.parse(validTo))}`;
  }
  return undefined;
}
