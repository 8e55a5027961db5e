import { signMessage } from "../../client/cose.js";
import type { Action } from "../../client/governance/proposal.js";
import type { Identity } from "../../client/identity.js";
import { governance, openSession } from "../../client/session.js";
import { measured, quantile, type Benchmark, type Measurement } from "../measurement.js";
import { Connection, requestBytes } from "../service/connection.js";
import { agree, startConsortium } from "../service/consortium.js";
import { newContracts, read, write } from "../service/contracts.js";
import { done, latencies, together } from "../service/load.js";
import { withFolder } from "../service/process.js";

const PROPOSALS = [0, 100, 1000];
const CONTRACTS = [10, 1000, 10_000];
const WARM_UP = 50;
const RUNS = 5;
const REQUESTS = 40;
/** Milliseconds: of a read as such, and for each open proposal, all of which it visits unless it is of an accepted contract. */
const READ_MS = 3;
const PROPOSAL_MS = 0.03;

const CONTRACT = "agreed";
const DRAFT = "drafted";

/** What is read of a contract. */
const READS: Readonly<Record<string, Uint8Array>> = {
  "an accepted contract": read(CONTRACT),
  "a draft": read(DRAFT),
  "a policy": requestBytes("GET", `/app/contracts/${CONTRACT}/cleanroompolicy`),
  "a template": requestBytes("GET", `/app/contracts/${CONTRACT}/deploymentspec`),
  "a runtime option": requestBytes("POST", `/app/contracts/${CONTRACT}/checkstatus/logging`),
};
const LISTS: Readonly<Record<string, Uint8Array>> = {
  "the list of contracts": requestBytes("GET", "/app/contracts"),
  "a page of 100 of the list": requestBytes("GET", "/app/contracts?limit=100"),
};

/** What reads cost while proposals are open, and while there are contracts: each against numbers of its own. */
const benchmark: Benchmark = async () => [...(await againstProposals()), ...(await againstContracts())];

const againstProposals = (): Promise<Measurement[]> =>
  withService(async (connection, member) => {
    const results: Measurement[] = [];
    let open = 0;
    for (const count of PROPOSALS) {
      for (; open < count; open++) await done(connection, await proposal(member, open));
      results.push(...(await measureAll(connection, READS, `${numeral(count)} open proposals`, READ_MS + count * PROPOSAL_MS)));
    }
    return results;
  });

const againstContracts = (): Promise<Measurement[]> =>
  withService(async (connection) => {
    const results: Measurement[] = [];
    const drafts = newContracts();
    let there = 2; // those that are read
    for (const count of CONTRACTS) {
      await together([connection], drafts, count - there);
      there = count;
      results.push(...(await measureAll(connection, READS, `${numeral(count)} contracts`, READ_MS)));
      results.push(...(await measureAll(connection, LISTS, `${numeral(count)} contracts`)));
    }
    return results;
  });

/** A service with a draft, and a contract that has everything that can be read of it. */
function withService<T>(work: (connection: Connection, member: Identity) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    const { service, members } = await startConsortium(folder);
    const sessions = members.map((identity) => openSession({ ...service, identity }));
    await agree(sessions, [{ name: "set_contract", args: { contractId: CONTRACT, contract: { data: "terms" } } }]);
    for (const action of DEPLOYMENT) await agree(sessions, [action]);
    for (const { transport } of sessions) await transport.close();
    const connection = await Connection.open(service, members[0]);
    await done(connection, write(DRAFT));
    const result = await work(connection, members[0]);
    connection.close();
    await service.stop();
    return result;
  });
}

const DEPLOYMENT: readonly Action[] = [
  { name: "set_clean_room_policy", args: { contractId: CONTRACT, type: "add", claims: { "x-ms-sevsnpvm-hostdata": "ab".repeat(32) } } },
  { name: "set_deployment_spec", args: { contractId: CONTRACT, spec: { data: { image: "training" } } } },
  { name: "set_contract_runtime_options_enable_logging", args: { contractId: CONTRACT } },
];

/** Of a contract of its own, which nobody has drafted. */
async function proposal(member: Identity, number: number): Promise<Uint8Array> {
  const actions = [{ name: "set_contract", args: { contractId: `proposed-${number}`, contract: { data: "terms" } } }];
  const bytes = await signMessage(member, { type: "proposal", payload: Buffer.from(JSON.stringify({ actions })) });
  return requestBytes("POST", governance("/gov/members/proposals:create"), { type: "application/cose", bytes });
}

async function measureAll(
  connection: Connection,
  requests: Readonly<Record<string, Uint8Array>>,
  against: string,
  atMost?: number,
): Promise<Measurement[]> {
  const results: Measurement[] = [];
  for (const [what, request] of Object.entries(requests)) {
    await latencies(connection, () => request, WARM_UP);
    const runs: number[] = [];
    for (let run = 0; run < RUNS; run++) runs.push(quantile(await latencies(connection, () => request, REQUESTS), 0.5));
    results.push(measured(`read ${what}, ${against}`, "ms", runs, atMost === undefined ? undefined : { atMost }));
  }
  return results;
}

const numeral = (count: number): string => count.toLocaleString("en-US");

export default benchmark;
