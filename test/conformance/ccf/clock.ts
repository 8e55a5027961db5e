import { setTimeout } from "node:timers/promises";

/** Seconds since the epoch. */
export const now = (): number => Math.floor(Date.now() / 1000);

/** Asks every `step` milliseconds until the answer will do, for at most `limit` milliseconds; the last answer in any case. */
export async function poll<T>(ask: () => Promise<T>, enough: (answer: T) => boolean, limit = 60_000, step = 60): Promise<T> {
  const end = Date.now() + limit;
  for (;;) {
    const answer = await ask();
    if (enough(answer)) return answer;
    await setTimeout(step);
    if (Date.now() >= end) return answer;
  }
}
