import { setTimeout as sleep } from "node:timers/promises";
import { ConnectionError } from "../client/errors.js";
import type { Request, Response, Transport } from "../client/transport.js";

/** How long to go on. Pauses are in milliseconds. */
export type Patience = {
  /** How many times a request is sent at most. */
  readonly attempts: number;
  /** The first pause is at most this long, each further one at most twice as long as the one before. */
  readonly firstPause: number;
  readonly longestPause: number;
};

/** About a quarter of a minute: as long as an election, or a restart, takes. */
export const patience: Patience = { attempts: 9, firstPause: 200, longestPause: 5000 };

/** The connection was lost, or there was nobody to connect to; what is not trusted will not be trusted later either. */
const LOST: readonly string[] = ["NotRunning", "HandshakeFailed", "Interrupted", "TimedOut"];

/** What the service says when it cannot answer for now, for example without a primary. */
const UNAVAILABLE = 503;

/** A pause that a server asks for may be this long. */
const LONGEST_WISH = 30_000;

/**
 * Sends a request again while the service is unavailable or the connection is lost. The request stays the same to the byte, so only
 * requests that may be carried out twice must go this way: those of a clean room read, or carry a signature that is good for one write.
 *
 * @param signal ends the pauses: the failure at hand is then the answer
 */
export function retrying(
  transport: Transport,
  { attempts, firstPause, longestPause }: Patience = patience,
  signal?: AbortSignal,
): Transport {
  return {
    ...transport,
    async request(request) {
      for (let attempt = 1; ; attempt++) {
        const outcome = await attempted(transport, request);
        if (attempt >= attempts || signal?.aborted || !isPassing(outcome)) return settled(outcome);
        const limit = Math.min(firstPause * 2 ** (attempt - 1), longestPause);
        const pause = Math.max(limit * (0.5 + Math.random() / 2), wishOf(outcome));
        await sleep(pause, undefined, signal && { signal }).catch(() => undefined);
      }
    },
  };
}

type Outcome = { readonly response: Response } | { readonly error: unknown };

function attempted(transport: Transport, request: Request): Promise<Outcome> {
  return transport.request(request).then(
    (response) => ({ response }),
    (error: unknown) => ({ error }),
  );
}

function settled(outcome: Outcome): Response {
  if ("error" in outcome) throw outcome.error;
  return outcome.response;
}

function isPassing(outcome: Outcome): boolean {
  if ("response" in outcome) return outcome.response.status === UNAVAILABLE;
  return outcome.error instanceof ConnectionError && LOST.includes(outcome.error.code);
}

/** The `retry-after` of an answer (RFC 9110, 10.2.3) in milliseconds; 0 where there is none. */
function wishOf(outcome: Outcome): number {
  const text = "response" in outcome ? outcome.response.headers["retry-after"] : undefined;
  if (text === undefined) return 0;
  const wish = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isNaN(wish) ? 0 : Math.min(Math.max(wish, 0), LONGEST_WISH);
}
