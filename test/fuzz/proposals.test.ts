import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { path } from "../../client/session.js";
import { setMember } from "../../client/governance/members.js";
import type { Action, Proposal } from "../../client/governance/proposal.js";
import type { Answer } from "../support/answer.js";
import { built, consortium, setApplication } from "../support/consortium.js";
import { directly } from "../support/direct.js";
import { agree, setContract, type Party } from "../support/party.js";
import { stateSeenBy } from "../support/state.js";
import { proposals } from "./proposal.js";

/** Milliseconds; an answer takes about twenty. */
const NO_ANSWER = 20_000;

const { place, members } = await consortium({ alice: {}, bob: {}, op: { isOperator: true } }, afterAll);
await members.alice.putContract("drafted", { data: "terms" });
await agree([members.alice, members.bob], setContract("agreed"));
await members.bob.propose(setContract("proposed"));
const [alice, op] = [directly(place.service, members.alice), directly(place.service, members.op)];

const constitution = await built.constitution();
const names = [...constitution.matchAll(/^action\(\s*"(\w+)"/gm)].map(([, name = ""]) => name);
const newcomer = place.stranger("newcomer").certificate;
const electors: readonly Action[] = [
  ...["drafted", "agreed", "proposed", "fresh"].map((id) => setContract(id)),
  setMember({ certificate: newcomer, memberData: { identifier: "newcomer", cgsRoles: { cgsOperator: "true" } } }),
  { name: "remove_member", args: { member_id: alice.id } },
  { name: "set_member_data", args: { member_id: op.id, member_data: { tenantId: "t" } } },
  { name: "set_user", args: { cert: newcomer, user_data: { a: 1 } } },
  { name: "set_constitution", args: { constitution } },
  { name: "set_js_runtime_options", args: { max_heap_bytes: 2e8, max_stack_bytes: 2e6, max_execution_time_ms: 2000 } },
  setApplication(await built.bundle()),
];
/** What an operator alone may do, as far as it leaves the service as it is. */
const upkeep: readonly Action[] = [
  setMember({ certificate: op.certificate, memberData: { isOperator: true } }),
  { name: "remove_node", args: { node_id: "ab".repeat(32) } },
  { name: "set_node_data", args: { node_id: "ab".repeat(32), node_data: 1 } },
  { name: "remove_jwt_issuer", args: { issuer: "https://issuer.example" } },
  { name: "trigger_snapshot", args: {} },
  ...electors.slice(0, 6),
];

test("the actions to try are those of the constitution", () => {
  expect(names).toEqual(expect.arrayContaining([...electors, ...upkeep].map(({ name }) => name)));
});

const propose = (by: Party, text: string): Promise<Answer> =>
  by.sign("/gov/members/proposals:create", { type: "proposal", payload: Buffer.from(text, "utf8") });

const withdraw = (by: Party, { proposalId }: Proposal): Promise<Answer> =>
  by.sign(path`/gov/members/proposals/${proposalId}:withdraw`, { type: "withdrawal", payload: new Uint8Array(), proposalId });

test("whatever a member proposes waits for votes, or is rejected, or is refused and leaves no trace; the service never fails", async () => {
  const property = fc.asyncProperty(proposals(names, electors), async (text) => {
    const before = await stateSeenBy(alice);
    const answer = await propose(alice, text);
    if (answer.status === 200) {
      const proposal = answer.body as Proposal;
      expect(["Open", "Rejected"]).toContain(proposal.proposalState);
      if (proposal.proposalState === "Open") expect(await withdraw(alice, proposal)).toMatchObject({ status: 200 });
      expect({ ...(await stateSeenBy(alice)), proposals: undefined }).toEqual({ ...before, proposals: undefined });
    } else {
      expect(answer).toMatchObject({ status: 400, body: { error: { code: "ProposalFailedToValidate" } } });
      expect(await stateSeenBy(alice)).toEqual(before);
    }
  });
  await fc.assert(property, { numRuns: 120, timeout: NO_ANSWER });
});

test("whatever an operator proposes, validation and decision never fail, and contracts and voters stay as they are", async () => {
  const property = fc.asyncProperty(proposals(names, upkeep), async (text) => {
    const before = await stateSeenBy(alice);
    const answer = await propose(op, text);
    if (answer.status === 200) await withdraw(op, answer.body as Proposal);
    // What passes the rules may still be impossible, which CCF answers with 500: of a node that there is not, for example.
    if (answer.status >= 500)
      expect(answer.body).toMatchObject({ error: { message: expect.stringMatching(/^Failed to apply/) as unknown } });
    else expect([200, 400]).toContain(answer.status);
    const { contracts, members: known } = await stateSeenBy(alice);
    expect(contracts).toEqual(before.contracts);
    expect(known.value).toEqual(expect.arrayContaining(before.members.value.filter(({ memberId }) => memberId !== op.id)));
  });
  await fc.assert(property, { numRuns: 100, timeout: NO_ANSWER });
});
