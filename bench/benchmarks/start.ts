import { join } from "node:path";
import { measured, type Benchmark } from "../measurement.js";
import { Connection } from "../service/connection.js";
import { startConsortium } from "../service/consortium.js";
import { newContracts } from "../service/contracts.js";
import { together } from "../service/load.js";
import { newMember, writeMembers } from "../service/people.js";
import { startService, withFolder } from "../service/process.js";

const RUNS = 7;
const TRANSACTIONS = 20_000;
const CONNECTIONS = 8;

/** From the start of the process `cleanroom sandbox start` until its service answers. */
const benchmark: Benchmark = async () => {
  const fresh = await repeated(async () =>
    withFolder(async (folder) => {
      await writeMembers(join(folder, "members"), [newMember("isv")]);
      const { startedIn, stop } = await startService(folder, "--members", join(folder, "members"));
      await stop();
      return startedIn;
    }),
  );
  return withFolder(async (folder) => {
    const { service, members } = await startConsortium(folder);
    await service.stop();
    const resume = async () => {
      const { startedIn, stop } = await startService(folder, "--resume");
      await stop();
      return startedIn;
    };
    const short = await repeated(resume);

    const resumed = await startService(folder, "--resume");
    const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => Connection.open(resumed, members[0])));
    await together(connections, newContracts(), TRANSACTIONS);
    for (const connection of connections) connection.close();
    await resumed.stop();
    const long = await repeated(resume);

    const empty = measured("go on with a ledger of a few transactions", "ms", short);
    const rates = long.map((time) => (TRANSACTIONS * 1000) / Math.max(time - empty.value, 1));
    return [
      measured("start a fresh service", "ms", fresh),
      empty,
      measured(`go on with a ledger of ${TRANSACTIONS.toLocaleString("en-US")} writes of 1 KB`, "ms", long),
      measured("transactions replayed, without the time of the start itself", "/s", rates, { atLeast: 20_000 }),
    ];
  });
};

async function repeated(run: () => Promise<number>): Promise<number[]> {
  await run();
  const times: number[] = [];
  for (let i = 0; i < RUNS; i++) times.push(await run());
  return times;
}

export default benchmark;
