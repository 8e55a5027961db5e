import { afterAll, expect, onTestFinished, test } from "vitest";
import { setMember } from "../../client/governance/members.js";
import { getServiceInfo, openService } from "../../client/governance/service.js";
import { refusal } from "../support/answer.js";
import { built, consortium, founded, setApplication } from "../support/consortium.js";
import { setContract } from "../support/party.js";
import { stateSeenBy } from "../support/state.js";

const operator = { isOperator: true };
const { place, members } = await consortium({ alice: {}, bob: {}, op: operator, cgsOp: { cgsRoles: { cgsOperator: "true" } } }, afterAll);
const { alice, bob, op, cgsOp } = members;

test("a contract needs no operator's vote, and no operator can veto it; his vote is on record all the same", async () => {
  const proposal = await op.propose(setContract("theirs"));
  expect(await op.reject(proposal)).toMatchObject({ proposalState: "Open" });
  expect(await cgsOp.reject(proposal)).toMatchObject({ proposalState: "Open" });
  await alice.accept(proposal);
  expect(await bob.accept(proposal)).toMatchObject({ proposalState: "Accepted" });
  const { finalVotes } = await op.getContract("theirs");
  expect(finalVotes).toHaveLength(4);
  for (const [{ id }, vote] of [
    [alice, true],
    [bob, true],
    [op, false],
    [cgsOp, false],
  ] as const) {
    // prettier-ignore
    expect(finalVotes).toContainEqual({ memberId: id, vote });
  }
});

test("operators' votes do not make up for those of members", async () => {
  const proposal = await alice.propose(setContract("short"));
  for (const member of [alice, op, cgsOp]) expect(await member.accept(proposal)).toMatchObject({ proposalState: "Open" });
  expect(await bob.reject(proposal)).toMatchObject({ proposalState: "Rejected" });
});

test("an operator keeps the network running without a vote", async () => {
  expect(await op.propose({ name: "trigger_ledger_chunk", args: null })).toMatchObject({ proposalState: "Accepted" });
  expect(await cgsOp.propose({ name: "trigger_ledger_chunk", args: null })).toMatchObject({ proposalState: "Open" });
  expect(await alice.propose({ name: "trigger_ledger_chunk", args: null })).toMatchObject({ proposalState: "Open" });
});

test("an operator brings in another and dismisses him, alone", async () => {
  const other = place.stranger("other");
  expect(await op.propose(setMember({ certificate: other.certificate, memberData: operator }))).toMatchObject({
    proposalState: "Accepted",
  });
  await other.activate();
  const dismissal = { name: "remove_member", args: { member_id: other.id } };
  expect(await op.propose(dismissal)).toMatchObject({ proposalState: "Accepted" });
  expect(await other.call("GET", "/app/contracts")).toMatchObject(refusal(401, "InvalidAuthenticationInfo"));
});

test("an operator alone takes no member's vote away, and decides nothing that the members have to", async () => {
  const before = await stateSeenBy(alice);
  const bundle = await built.bundle();
  for (const actions of [
    [setMember({ certificate: bob.certificate, memberData: operator })],
    [setMember({ certificate: place.stranger("friend").certificate, memberData: {} })],
    [{ name: "set_member_data", args: { member_id: bob.id, member_data: operator } }],
    [{ name: "remove_member", args: { member_id: bob.id } }],
    [
      { name: "trigger_ledger_chunk", args: null },
      { name: "remove_member", args: { member_id: bob.id } },
    ],
    [{ name: "set_constitution", args: { constitution: "export const validate = () => ({ valid: true })" } }],
    [setApplication({ metadata: { endpoints: {} }, modules: bundle.modules })],
    [setContract("his")],
  ]) {
    const proposal = await op.propose(...actions);
    expect(proposal.proposalState).toBe("Open");
    expect(await op.accept(proposal)).toMatchObject({ proposalState: "Open" });
    await op.withdraw(proposal);
  }
  expect(await stateSeenBy(alice)).toMatchObject({ members: before.members, contracts: before.contracts });
});

test("a service without members who may vote accepts nothing but what operators may do alone", async () => {
  const { members } = await founded({ op: operator, other: { isOperator: "true" } }, onTestFinished);
  const { op, other } = members;
  for (const actions of [
    [setApplication(await built.bundle())],
    [setContract("none")],
    [{ name: "set_constitution", args: { constitution: "x" } }],
  ]) {
    const proposal = await op.propose(...actions);
    for (const member of [op, other]) expect(await member.accept(proposal)).toMatchObject({ proposalState: "Open" });
  }
  expect(await op.propose(openService(await getServiceInfo(op.session)))).toMatchObject({ proposalState: "Accepted" });
  expect(await op.call("GET", "/app/contracts")).toMatchObject(refusal(404, "ResourceNotFound"));
});
