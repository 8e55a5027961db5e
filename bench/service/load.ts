import type { Answer, Connection } from "./connection.js";

/** Makes the next request. */
export type Requests = () => Uint8Array;

/** @throws Error unless the request was carried out */
export async function done(connection: Connection, request: Uint8Array): Promise<Answer> {
  const answer = await connection.send(request);
  if (answer.status === 200) return answer;
  throw new Error(`a request was answered with ${answer.status}: ${answer.body.toString()}`);
}

/** Milliseconds of each of `count` requests, one after another; ascending. */
export async function latencies(connection: Connection, requests: Requests, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const request = requests();
    const began = performance.now();
    await done(connection, request);
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b);
}

/** Sends requests over all connections, each without a pause, until `count` were answered. */
export async function together(connections: readonly Connection[], requests: Requests, count: number): Promise<void> {
  let left = count;
  await Promise.all(
    connections.map(async (connection) => {
      while (left-- > 0) await done(connection, requests());
    }),
  );
}

/** Sends requests over all connections, each without a pause, for so many milliseconds; says how many were answered in how many. */
export async function during(
  milliseconds: number,
  connections: readonly Connection[],
  requests: Requests,
): Promise<{ answered: number; milliseconds: number }> {
  const began = performance.now();
  let answered = 0;
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() - began < milliseconds) {
        await done(connection, requests());
        answered++;
      }
    }),
  );
  return { answered, milliseconds: performance.now() - began };
}
