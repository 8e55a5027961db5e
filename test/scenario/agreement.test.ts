import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { setMember } from "../../client/governance/members.js";
import type { Proposal } from "../../client/governance/proposal.js";
import { setCleanRoomPolicy, HOST_DATA } from "../support/cleanRoom.js";
import { createResources, governanceToken, issueTokens, refusalOf, scenario, setupAccess, type Scenario } from "./place.js";

let at: Scenario;
let config: string;
beforeAll(async () => {
  at = await scenario(afterAll);
  await issueTokens(at);
  const { vault, identity, storage } = await createResources(at, "publisher");
  config = join(at.folder, "tdp-config");
  const own = ["--cleanroom-config", config];
  await succeed("config", "init", ...own);
  await succeed("config", "set-kek", "--kek-key-vault", vault, "--maa-url", at.cloud().attestationEndpoint ?? "", ...own);
  const where = ["--storage-account", storage, "--identity", identity, "--dek-key-vault", vault];
  await succeed("config", "add-datasource", "--name", "cowin", ...where, ...own);
}, 60_000);

const POLICY = { "x-ms-sevsnpvm-hostdata": HOST_DATA, "x-ms-sevsnpvm-is-debuggable": false };

async function succeed(...words: readonly string[]): Promise<void> {
  const { status, notes } = await at.run(words);
  if (status !== 0) throw new Error(notes);
}

/** A contract that isv has drafted and proposed. */
async function proposed(id: string): Promise<Proposal> {
  const { isv } = at.members;
  await isv.putContract(id, { data: "terms" });
  return isv.proposeContract(id);
}

/** Nothing follows from a contract that is not agreed on: no policy, no deployment, no keys, no access, no token. */
async function expectNothingOf(id: string): Promise<void> {
  const { isv } = at.members;
  expect((await at.members.tdp.getContract(id)).state).not.toBe("Accepted");
  const spec = { name: "set_deployment_spec", args: { contractId: id, spec: { data: { resources: [] } } } };
  for (const action of [setCleanRoomPolicy(id, POLICY), spec]) {
    expect(await refusalOf(isv.propose(action))).toMatch(/^ProposalFailedToValidate: .* is not an accepted contract$/);
  }
  const generate = ["deployment", "generate", "--contract-id", id, "--output-dir", at.folder, "--governance-client", "isv-client"];
  expect(await at.run(generate)).toMatchObject({
    status: 1,
    notes: expect.stringMatching(
      /^error: contract ".*" is not accepted, it is (Draft|Proposed): there is nothing agreed to deploy$/,
    ) as unknown,
  });
  const before = await at.cloudState();
  const wrap = ["config", "wrap-deks", "--contract-id", id, "--cleanroom-config", config, "--governance-client", "tdp-client"];
  for (const words of [wrap, setupAccess("publisher", id, "tdp")]) {
    const noPolicy = expect.stringMatching(/^error: contract ".*" has no accepted clean room policy/) as unknown;
    expect(await at.run(words)).toMatchObject({ status: 1, notes: noPolicy });
  }
  expect(await at.cloudState()).toBe(before);
  expect(await refusalOf(governanceToken(at, id))).toMatch(/^VerifySnpAttestationFailed: /);
}

test("two of three votes do not accept a contract, and nothing follows from it", async () => {
  const proposal = await proposed("two-of-three");
  await at.members.isv.accept(proposal);
  expect(await at.members.tdp.accept(proposal)).toMatchObject({ proposalState: "Open" });
  await expectNothingOf("two-of-three");
  expect(await at.members.tdc.accept(proposal)).toMatchObject({ proposalState: "Accepted" });
  expect((await at.members.tdp.getContract("two-of-three")).state).toBe("Accepted");
});

test("one member's veto ends a contract that all others want, and nothing follows from it", async () => {
  const proposal = await proposed("vetoed");
  await at.members.isv.accept(proposal);
  await at.members.tdp.accept(proposal);
  expect(await at.members.tdc.reject(proposal)).toMatchObject({ proposalState: "Rejected" });
  expect((await at.members.isv.getContract("vetoed")).state).toBe("Draft");
  await expectNothingOf("vetoed");
});

test("a member who was invited and is not active yet blocks a contract that all others accept", async () => {
  const invited = at.place.stranger("late");
  const joining = await at.members.isv.propose(setMember({ certificate: invited.certificate, memberData: { identifier: "late" } }));
  for (const member of at.everybody) await member.accept(joining);
  const proposal = await proposed("blocked");
  for (const member of at.everybody) expect(await member.accept(proposal)).toMatchObject({ proposalState: "Open" });
  await expectNothingOf("blocked");
  await invited.activate();
  expect(await invited.accept(proposal)).toMatchObject({ proposalState: "Accepted" });
});
