import { setTimeout as sleep } from "node:timers/promises";
import { signMessage } from "../../client/cose.js";
import type { Identity } from "../../client/identity.js";
import { governance, path } from "../../client/session.js";
import { measured, quantile, type Benchmark, type Measurement } from "../measurement.js";
import { Connection, requestBytes } from "../service/connection.js";
import { startConsortium, type Consortium } from "../service/consortium.js";
import { done } from "../service/load.js";
import { processorTime, withFolder } from "../service/process.js";

const WARM_UP = 20;
const RUNS = 5;
const PROPOSALS = 10;
const AT_MOST_MS = 25;
const BALLOT = "export function vote (proposal, proposerId) { return true }";

/** Between requests, where they come as people send them: the service prepares for the next one meanwhile. */
const PAUSE_MS = 60;

/** A contract is proposed and three members vote, each ballot signed beforehand. The last of them also applies the proposal. */
const benchmark: Benchmark = () =>
  withFolder(async (folder) => {
    const consortium = await startConsortium(folder);
    const connection = await Connection.open(consortium.service, consortium.members[0]);
    const round = rounds(consortium, connection);
    for (let i = 0; i < WARM_UP; i++) await round(0);
    const results = [
      ...(await measure("with pauses", consortium, () => round(PAUSE_MS))),
      ...(await measure("one right after another", consortium, () => round(0))),
    ];
    connection.close();
    await consortium.service.stop();
    return results;
  });

/** Milliseconds of the proposal, and of each ballot in order. */
type Round = { readonly proposal: number; readonly ballots: readonly number[] };

function rounds({ members }: Consortium, connection: Connection): (pause: number) => Promise<Round> {
  let next = 0;
  return async (pause) => {
    const timed = async (signed: Promise<Uint8Array>) => {
      const request = await signed;
      if (pause > 0) await sleep(pause);
      const began = performance.now();
      const { body } = await done(connection, request);
      return { taken: performance.now() - began, body };
    };
    const { taken, body } = await timed(proposalRequest(members[0], `contract-${++next}`));
    const { proposalId } = JSON.parse(body.toString()) as { proposalId: string };
    const ballots: number[] = [];
    for (const member of members) ballots.push((await timed(ballotRequest(member, proposalId))).taken);
    return { proposal: taken, ballots };
  };
}

async function measure(how: string, { service }: Consortium, round: () => Promise<Round>): Promise<Measurement[]> {
  const [proposals, ballots, lasts, costs]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let run = 0; run < RUNS; run++) {
    const taken: Round[] = [];
    const before = await processorTime(service.pid);
    for (let i = 0; i < PROPOSALS; i++) taken.push(await round());
    costs.push(((await processorTime(service.pid)) - before) / PROPOSALS);
    proposals.push(median(taken.map(({ proposal }) => proposal)));
    ballots.push(median(taken.flatMap((one) => one.ballots)));
    lasts.push(median(taken.flatMap((one) => one.ballots.slice(-1))));
  }
  return [
    measured(`create a proposal, ${how}`, "ms", proposals),
    measured(`vote, ${how}`, "ms", ballots, { atMost: AT_MOST_MS }),
    measured(`the third vote, which decides and applies, ${how}`, "ms", lasts, { atMost: AT_MOST_MS }),
    measured("processor time of a proposal and three votes", "ms", costs),
  ];
}

const median = (times: readonly number[]): number =>
  quantile(
    times.toSorted((a, b) => a - b),
    0.5,
  );

async function proposalRequest(member: Identity, contractId: string): Promise<Uint8Array> {
  const actions = [{ name: "set_contract", args: { contractId, contract: { data: "terms" } } }];
  const bytes = await signMessage(member, { type: "proposal", payload: Buffer.from(JSON.stringify({ actions })) });
  return requestBytes("POST", governance("/gov/members/proposals:create"), { type: "application/cose", bytes });
}

async function ballotRequest(member: Identity, proposalId: string): Promise<Uint8Array> {
  const bytes = await signMessage(member, { type: "ballot", proposalId, payload: Buffer.from(JSON.stringify({ ballot: BALLOT })) });
  const address = governance(path`/gov/members/proposals/${proposalId}/ballots/${member.memberId}:submit`);
  return requestBytes("POST", address, { type: "application/cose", bytes });
}

export default benchmark;
