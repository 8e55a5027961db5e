import { randomInt } from "node:crypto";

/** From 20000 up to where Linux, macOS and Windows begin to hand out ports by themselves. */
const OURS = [20_000, 32_768] as const;

/**
 * Listens at a port that is to stay the same. One that is new is none that the system gives to whoever asks for any: nobody is to have it
 * when its owner comes back.
 *
 * @param port 0 for a new one
 * @throws Error of the system, such as EADDRINUSE where `port` is taken
 */
export async function atKeptPort<T>(port: number, listen: (port: number) => Promise<T>): Promise<T> {
  if (port !== 0) return listen(port);
  for (;;) {
    try {
      return await listen(randomInt(...OURS));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
}
