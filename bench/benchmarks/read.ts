import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { installation } from "../../cli/installation.js";
import type { Benchmark } from "../measurement.js";
import { Connection } from "../service/connection.js";
import { startConsortium } from "../service/consortium.js";
import { read, write } from "../service/contracts.js";
import { done } from "../service/load.js";
import { measureLatency } from "../service/measureLatency.js";
import { withFolder } from "../service/process.js";

/** GET of a contract over kept-alive mutual TLS: one of a kilobyte, and the configuration of a real clean room. */
const benchmark: Benchmark = () =>
  withFolder(async (folder) => {
    const { service, members } = await startConsortium(folder);
    const connection = await Connection.open(service, members[0]);
    const configuration = await readFile(join(installation(), "examples", "ml-training", "cleanroom-config.yaml"), "utf8");
    await done(connection, write("small"));
    await done(connection, write("large", configuration));
    const [small, large] = [read("small"), read("large")];
    const results = [
      ...(await measureLatency("read a contract of 1 KB", connection, () => small, 3)),
      ...(await measureLatency(`read a contract of ${Math.round(configuration.length / 1024)} KB`, connection, () => large, 3)),
    ];
    connection.close();
    await service.stop();
    return results;
  });

export default benchmark;
