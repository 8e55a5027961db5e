import { CleanRoomError } from "../cleanroom/errors.js";
import { BlobError } from "../azure/blob.js";
import { DataError } from "../cleanroom/blocks/dataError.js";
import { CloudError } from "../azure/cloudError.js";
import { CommitError, ConnectionError, Refusal, ServiceError, type ErrorDetail } from "../client/errors.js";

/** Something that a person can put right; the message says what and with which value. Exit status 1. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** The command was called in a wrong way. Exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** An error in one or two lines, without the stack. */
export function describeFailure(error: unknown): string {
  if (error instanceof ServiceError) {
    const reasons = error.details.map(reasonOf).filter((reason) => reason !== "");
    const where = reasons.length > 0 ? `\n  ${reasons.join("; ")}` : "";
    return `error: ${error.code}: ${firstLine(error.message)} (HTTP ${error.status})${where}`;
  }
  if (error instanceof ConnectionError || error instanceof CommitError || error instanceof Refusal || error instanceof CleanRoomError) {
    return `error: ${error.code}: ${error.message}`;
  }
  if (error instanceof DataError || error instanceof BlobError) return `error: ${error.message}`;
  if (error instanceof CloudError) return `error: ${error.code}: ${error.message}`;
  if (error instanceof CommandError) return `error: ${error.message}`;
  if (error instanceof UsageError) return `error: ${error.message}\nSee --help.`;
  if (isSystemError(error)) return `error: ${error.message}`;
  return `error: unexpected: ${error instanceof Error ? firstLine(error.message) : String(error)}\n  --debug shows where.`;
}

/** The error with its stack and everything that caused it. */
export function describeInFull(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by ${describeInFull(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error;
}

function reasonOf({ code, message, trace }: ErrorDetail): string {
  const place = typeof trace === "string" ? (trace.trim().split("\n")[0] ?? "") : "";
  return [message ?? code ?? "", place.trim()].filter((part) => part !== "").join(" ");
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
