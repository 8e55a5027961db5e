import { CleanRoomError } from "../cleanroom/errors.js";
import { harmless } from "../cleanroom/harmless.js";
import { BlobError } from "../azure/blob.js";
import { DataError } from "../cleanroom/blocks/dataError.js";
import { CloudError } from "../azure/cloudError.js";
import { CommitError, ConnectionError, Refusal, ServiceError, type ErrorDetail } from "../client/errors.js";

/** Something that a person can put right; the message says what and with which value. Exit status 1. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** A signal has ended what the command did, and it has cleared up. Exit status as in shells: 128 and the number of the signal. */
export class SignalledError extends CommandError {
  constructor(
    message: string,
    readonly status: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The command was called in a wrong way. Exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** An error in one or two lines, without the stack. Names and texts of others in it do nothing to a terminal. */
export function describeFailure(error: unknown): string {
  return harmlessLines(describe(error));
}

function describe(error: unknown): string {
  if (error instanceof ServiceError) {
    const reasons = error.details.map(reasonOf).filter((reason) => reason !== "");
    const where = reasons.length > 0 ? `\n  ${reasons.join("; ")}` : "";
    return `error: ${error.code}: ${firstLine(error.message)} (HTTP ${error.status})${where}`;
  }
  if (error instanceof ConnectionError || error instanceof CommitError || error instanceof Refusal || error instanceof CleanRoomError) {
    return `error: ${error.code}: ${error.message}`;
  }
  if (error instanceof DataError) return `error: ${error.message}`;
  if (error instanceof BlobError) return `error: ${harmless(error.message)}`;
  if (error instanceof CloudError) return `error: ${error.code}: ${error.message}`;
  if (error instanceof CommandError) return `error: ${error.message}`;
  if (error instanceof UsageError) return `error: ${error.message}\nSee --help.`;
  if (isSystemError(error)) return `error: ${harmless(error.message)}`;
  return `error: unexpected: ${error instanceof Error ? firstLine(error.message) : String(error)}\n  --debug shows where.`;
}

/** The error with its stack and everything that caused it. */
export function describeInFull(error: unknown): string {
  return harmlessLines(inFull(error));
}

function inFull(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by ${inFull(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}

export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error;
}

function reasonOf({ code, message, trace }: ErrorDetail): string {
  const place = typeof trace === "string" ? (trace.trim().split("\n")[0] ?? "") : "";
  return [message ?? code ?? "", place.trim()].filter((part) => part !== "").join(" ");
}

function harmlessLines(text: string): string {
  return text.split("\n").map(harmless).join("\n");
}

function firstLine(text: string): string {
  return text.split("\n")[0] ?? "";
}
