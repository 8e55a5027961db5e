import { CommitError, ConnectionError, ServiceError } from "../../client/errors.js";
import { CleanRoomError } from "../errors.js";

/** The agent itself refuses a request. */
export class Refused extends Error {
  override readonly name = "Refused";

  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export type Failure = {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  /** Where in the agent it failed, for its log; undefined where the agent itself did not fail. */
  readonly trace?: string;
};

/** It may pass. */
const UNAVAILABLE = 503;
/** What was reached is not the service, or not as it should be. */
const WRONG = 502;

const STATUS: Readonly<Record<string, number>> = {
  NotRunning: UNAVAILABLE,
  TimedOut: UNAVAILABLE,
  HandshakeFailed: UNAVAILABLE,
  Interrupted: UNAVAILABLE,
  TransactionInvalid: UNAVAILABLE,
  CommitTimedOut: UNAVAILABLE,
  EvidenceUnavailable: UNAVAILABLE,
  InvalidPathPrefix: 400,
  InvalidParameter: 400,
};

/** How a failure is told to the workload: what the service refuses, with the service's own status, code and words. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Refused) return error;
  if (error instanceof ServiceError)
    return { status: error.status >= 400 ? error.status : WRONG, code: error.code, message: error.message };
  if (error instanceof ConnectionError || error instanceof CommitError || error instanceof CleanRoomError) {
    return { status: STATUS[error.code] ?? WRONG, code: error.code, message: error.message };
  }
  return { status: 500, code: "InternalError", message: "the agent failed; its log says more", trace: traceOf(error) };
}

/** The kind of an error and the calls that led to it, without its message: that may quote what was asked for or given. */
function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const calls = error.stack?.replace(error.message, "").match(/^ {4}at .*$/gm) ?? [];
  return [error.name, ...calls].join("\n");
}
