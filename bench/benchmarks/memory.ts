import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { measured, type Benchmark, type Measurement } from "../measurement.js";
import { Connection } from "../service/connection.js";
import { startConsortium } from "../service/consortium.js";
import { newContracts, rewrite } from "../service/contracts.js";
import { together } from "../service/load.js";
import { residentBytes, startService, withFolder, type ServiceProcess } from "../service/process.js";

const CONNECTIONS = 8;
const STEPS = [0, 10_000, 50_000];
const REWRITES = 40_000;
const BUDGET_MB = 300;
/** For the last signature, and for what is collected when there is nothing else to do. */
const QUIET_MS = 2000;
const MB = 1_000_000;

/** Bytes of memory and of ledger on disk after so many writes. */
type Point = { readonly writes: number; readonly resident: number; readonly disk: number };

/**
 * What a service takes of memory and disk as its ledger grows: first 50,000 writes, each of a new contract of a kilobyte, then 40,000 more
 * over the same few contracts, which the ledger keeps all and the tables do not.
 */
const benchmark: Benchmark = () =>
  withFolder(async (folder) => {
    const { service, members } = await startConsortium(folder);
    const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => Connection.open(service, members[0])));
    const requests = newContracts();
    const results: Measurement[] = [];
    const points: Point[] = [];
    for (const writes of STEPS) {
      await together(connections, requests, writes - (points.at(-1)?.writes ?? 0));
      const point = await look(folder, service, writes);
      points.push(point);
      results.push(memory(`memory after ${count(writes)} writes of 1 KB`, point.resident));
    }
    await Promise.all(connections.map((connection, i) => rewrite(connection, `rewritten-${i}`, REWRITES / CONNECTIONS)));
    const rewritten = await look(folder, service, 50_000 + REWRITES);
    for (const connection of connections) connection.close();
    await service.stop();

    const resumed = await startService(folder, "--resume");
    const { resident } = await look(folder, resumed, rewritten.writes);
    await resumed.stop();

    const [, from, to] = points;
    if (!from || !to) throw new Error("growth is between two points");
    return [
      ...results,
      measured("memory a write of a new contract, from 10,000 to 50,000", "bytes", [growth(from, to, "resident")]),
      measured("ledger on disk a write", "bytes", [growth(from, to, "disk")]),
      memory(`memory after ${count(REWRITES)} writes more, over the same contracts`, rewritten.resident),
      measured("memory a write over the same contract", "bytes", [growth(to, rewritten, "resident")]),
      memory("memory after going on with that ledger", resident),
    ];
  });

async function look(folder: string, { pid }: ServiceProcess, writes: number): Promise<Point> {
  await sleep(QUIET_MS);
  return { writes, resident: await residentBytes(pid), disk: await bytesIn(join(folder, "data", "ledger")) };
}

const count = (writes: number): string => writes.toLocaleString("en-US");

const memory = (what: string, bytes: number): Measurement => measured(what, "MB", [bytes / MB], { atMost: BUDGET_MB });

const growth = (from: Point, to: Point, of: "resident" | "disk"): number => (to[of] - from[of]) / (to.writes - from.writes);

async function bytesIn(directory: string): Promise<number> {
  const sizes = (await readdir(directory)).map(async (name) => (await stat(join(directory, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

export default benchmark;
