import { ServiceError, type ErrorDetail } from "./errors.js";
import type { Response } from "./transport.js";

type Envelope = { readonly error: { readonly code: string; readonly message: string; readonly details?: readonly ErrorDetail[] } };

/** The JSON of a good answer; undefined where the body is empty. @throws ServiceError */
export function parseAnswer(response: Response): unknown {
  const text = textOf(response);
  return text === "" ? undefined : parseJson(text, response);
}

/** The text of a good answer. @throws ServiceError */
export function textOf(response: Response): string {
  if (response.status >= 300) throw errorOf(response);
  return response.body.toString("utf8");
}

function parseJson(text: string, response: Response): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ServiceError(response.status, "NotJson", `the answer is not JSON: ${text.slice(0, 200)}`, response.transactionId);
  }
}

function errorOf({ status, body, transactionId }: Response): ServiceError {
  const text = body.toString("utf8");
  const envelope = envelopeOf(text);
  return envelope
    ? new ServiceError(status, envelope.error.code, envelope.error.message, transactionId, envelope.error.details)
    : new ServiceError(status, `Http${status}`, text === "" ? "the answer has no body" : text.slice(0, 500), transactionId);
}

function envelopeOf(text: string): Envelope | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // something other than the service answered (a proxy, say): its text is the message
  }
  const error = isRecord(value) ? value.error : undefined;
  return isRecord(error) && typeof error.code === "string" && typeof error.message === "string" ? (value as Envelope) : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
