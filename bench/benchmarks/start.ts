import { join } from "node:path";
import { Identity } from "../../sandbox/enclave/identity.js";
import { Replay } from "../../sandbox/enclave/ledger/replay.js";
import { LEDGER_FOLDER, LedgerFiles } from "../../sandbox/host/files.js";
import { readSealedIdentity } from "../../sandbox/host/ledger/identityFiles.js";
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

    const replays = await repeated(() => replayed(join(folder, "data")));
    return [
      measured("start a fresh service", "ms", fresh),
      measured("go on with a ledger of a few transactions", "ms", short),
      measured(`go on with a ledger of ${TRANSACTIONS.toLocaleString("en-US")} writes of 1 KB`, "ms", long),
      measured(
        "transactions read from disk, verified and applied",
        "/s",
        replays.map(({ rate }) => rate),
      ),
      measured(
        "processor time of one of these",
        "µs",
        replays.map(({ cost }) => cost),
        { atMost: 50 },
      ),
    ];
  });
};

/**
 * What a start does with a ledger, without the start of processes, of the engine and of the service around it: transactions a second, and
 * microseconds of processor time that each takes.
 */
async function replayed(directory: string): Promise<{ rate: number; cost: number }> {
  const sealed = (await readSealedIdentity(directory)) ?? "";
  const identity = Identity.unseal(sealed, { hosts: ["127.0.0.1"], validFrom: new Date() });
  const files = await LedgerFiles.open(join(directory, LEDGER_FOLDER), { persisted: () => undefined, failed: () => undefined });
  const [began, before] = [performance.now(), process.cpuUsage()];
  const replay = new Replay(identity);
  for await (const entries of files.recover()) for (const entry of entries) replay.push(entry);
  const { seqno } = replay.finish().store;
  const { user, system } = process.cpuUsage(before);
  return { rate: (seqno * 1000) / (performance.now() - began), cost: (user + system) / seqno };
}

async function repeated<T>(run: () => Promise<T>): Promise<T[]> {
  await run();
  const values: T[] = [];
  for (let i = 0; i < RUNS; i++) values.push(await run());
  return values;
}

export default benchmark;
