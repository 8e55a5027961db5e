import type { Benchmark } from "../measurement.js";
import { Connection } from "../service/connection.js";
import { startConsortium } from "../service/consortium.js";
import { newContracts } from "../service/contracts.js";
import { measureLatency } from "../service/measureLatency.js";
import { withFolder } from "../service/process.js";

/** PUT of a new contract over kept-alive mutual TLS. The answer comes when the write is executed; it is durable with the next signature. */
const benchmark: Benchmark = () =>
  withFolder(async (folder) => {
    const { service, members } = await startConsortium(folder);
    const connection = await Connection.open(service, members[0]);
    const results = await measureLatency("write a contract of 1 KB", connection, newContracts(), 8);
    connection.close();
    await service.stop();
    return results;
  });

export default benchmark;
