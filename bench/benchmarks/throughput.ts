import { measured, type Benchmark, type Measurement } from "../measurement.js";
import { Connection } from "../service/connection.js";
import { startConsortium } from "../service/consortium.js";
import { newContracts, read, write } from "../service/contracts.js";
import { done, during, type Requests } from "../service/load.js";
import { processorTime, withFolder } from "../service/process.js";

const CONNECTIONS = 8;
const WARM_UP_MS = 2000;
const RUN_MS = 2000;
const RUNS = 5;

/** Requests a second over eight connections, and what each costs the service of the cores: the part that does not depend on what else runs. */
const benchmark: Benchmark = () =>
  withFolder(async (folder) => {
    const { service, members } = await startConsortium(folder);
    const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => Connection.open(service, members[0])));
    const measure = async (what: string, requests: Requests, atLeast: number): Promise<Measurement[]> => {
      await during(WARM_UP_MS, connections, requests);
      const [rates, costs]: [number[], number[]] = [[], []];
      for (let run = 0; run < RUNS; run++) {
        const before = await processorTime(service.pid);
        const { answered, milliseconds } = await during(RUN_MS, connections, requests);
        rates.push((answered * 1000) / milliseconds);
        costs.push((((await processorTime(service.pid)) - before) * 1000) / answered);
      }
      return [
        measured(`${what}s, ${CONNECTIONS} connections`, "/s", rates, { atLeast }),
        measured(`processor time of a ${what}`, "µs", costs),
      ];
    };
    await Promise.all(connections.slice(0, 1).map((connection) => done(connection, write("small"))));
    const request = read("small");
    const results = [...(await measure("read", () => request, 500)), ...(await measure("write", newContracts(), 250))];
    for (const connection of connections) connection.close();
    await service.stop();
    return results;
  });

export default benchmark;
