import { setTimeout as sleep } from "node:timers/promises";
import { parseAnswer } from "./answer.js";
import { ConnectionError } from "./errors.js";
import type { Transport } from "./transport.js";

/**
 * GET of something past, which the node has to fetch from its ledger first: until it has, it answers 202 and says when to ask again.
 * That is seconds away, since CCF cannot know; the entry is often there at once. So the first questions come sooner.
 *
 * @param timeout milliseconds
 * @throws ServiceError, ConnectionError
 */
export async function getPast<T>(transport: Transport, address: string, timeout = 120_000): Promise<T> {
  const deadline = Date.now() + timeout;
  for (let soon = 0.1; ; soon *= 2) {
    const answer = await transport.request({ method: "GET", path: address });
    if (answer.status !== 202) return parseAnswer(answer) as T;
    const told = Number(answer.headers["retry-after"] ?? 1) || 1;
    const pause = 1000 * Math.max(Math.min(told, soon), 0.1);
    if (Date.now() + pause > deadline) {
      throw new ConnectionError("TimedOut", `${transport.url} has not fetched this from its ledger within ${timeout / 1000} s`);
    }
    await sleep(pause);
  }
}
