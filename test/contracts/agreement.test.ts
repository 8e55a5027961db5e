import { afterAll, expect, test } from "vitest";
import { refusal } from "../support/answer.js";
import { consortium } from "../support/consortium.js";
import { agree, setContract } from "../support/party.js";

const { members } = await consortium({ alice: {}, bob: {}, carol: {} }, afterAll);
const { alice, bob, carol } = members;

test("a proposed contract shows what is voted on, although its draft goes on changing unseen", async () => {
  const version = await alice.putContract("hidden", { data: "proposed" });
  const { proposalId, proposalState } = await alice.proposeContract("hidden");
  expect(proposalState).toBe("Open");
  const proposed = { id: "hidden", state: "Proposed", version, data: "proposed", proposalId };
  expect(await bob.getContract("hidden")).toEqual(proposed);

  expect(await bob.call("PUT", "/app/contracts/hidden", { data: "edited", version })).toMatchObject({ status: 200 });
  expect(await bob.call("PUT", "/app/contracts/hidden", { data: "again", version })).toMatchObject(refusal(412, "PreconditionFailed"));
  expect(await bob.getContract("hidden")).toEqual(proposed);

  await alice.withdraw({ proposalId });
  expect(await bob.getContract("hidden")).toMatchObject({ state: "Draft", data: "edited", proposalId: "" });
});

test("one vote against a contract makes it a draft again, which can be mended and proposed anew", async () => {
  await alice.putContract("vetoed", { data: "too much" });
  const first = await alice.proposeContract("vetoed");
  expect(await alice.accept(first)).toMatchObject({ proposalState: "Open" });
  const finalVotes = { [alice.id]: true, [bob.id]: false };
  expect(await bob.reject(first)).toMatchObject({ proposalState: "Rejected", finalVotes });
  const { state, version } = await carol.getContract("vetoed");
  expect(state).toBe("Draft");
  await expect(carol.accept(first)).rejects.toMatchObject({ code: "ProposalNotOpen" });

  await alice.putContract("vetoed", { data: "just right", version });
  const second = await alice.proposeContract("vetoed");
  expect(await carol.getContract("vetoed")).toMatchObject({ state: "Proposed", data: "just right", proposalId: second.proposalId });
  for (const member of [alice, bob, carol]) await member.accept(second);
  expect(await carol.getContract("vetoed")).toMatchObject({ state: "Accepted", data: "just right" });
});

test("the proposer, and nobody else, takes a proposal back, and the contract is a draft again", async () => {
  const version = await alice.putContract("withdrawn", { data: "terms" });
  const proposal = await alice.proposeContract("withdrawn");
  await expect(bob.withdraw(proposal)).rejects.toMatchObject({ code: "AuthorizationFailed" });
  expect(await bob.getContract("withdrawn")).toMatchObject({ state: "Proposed" });
  expect(await alice.withdraw(proposal)).toMatchObject({ proposalState: "Withdrawn" });
  expect(await bob.getContract("withdrawn")).toEqual({ id: "withdrawn", state: "Draft", version, data: "terms", proposalId: "" });
});

test("a contract that all accept says by which proposal and with which votes, and its version is the transaction of the last vote", async () => {
  const draft = await alice.putContract("agreed", { data: { dataset: "d1" } });
  const { proposalId } = await alice.proposeContract("agreed");
  await alice.accept({ proposalId });
  await bob.accept({ proposalId });
  expect(await carol.getContract("agreed")).toMatchObject({ state: "Proposed", version: draft });
  const last = await carol.cast("export const vote = () => true;", { proposalId });
  expect(last).toMatchObject({ status: 200, body: { proposalState: "Accepted" } });

  const contract = await carol.getContract("agreed");
  expect(contract).toMatchObject({ id: "agreed", state: "Accepted", version: last.transactionId, data: { dataset: "d1" }, proposalId });
  const byMember = [...(contract.finalVotes ?? [])].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  const everybody = [alice, bob, carol].map(({ id }) => id).sort();
  expect(byMember).toEqual(everybody.map((memberId) => ({ memberId, vote: true })));
  expect((await carol.call("POST", "/app/contracts/agreed", "{ ignored")).body).toEqual(contract);
});

test("an accepted contract cannot be changed, whatever version is named", async () => {
  await agree([alice, bob, carol], setContract("final"));
  const contract = await alice.getContract("final");
  for (const body of [{ data: "new" }, { data: "new", version: contract.version }, {}]) {
    expect(await alice.call("PUT", "/app/contracts/final", body)).toMatchObject(refusal(405, "ContractAlreadyAccepted"));
  }
  expect(await alice.getContract("final")).toEqual(contract);
});

test("a contract can be proposed and accepted without ever having been a draft", async () => {
  const proposal = await bob.propose(setContract("undrafted", ["terms"]));
  expect(await alice.getContract("undrafted")).toEqual({
    id: "undrafted",
    state: "Proposed",
    data: ["terms"],
    proposalId: proposal.proposalId,
  });
  for (const member of [alice, bob, carol]) await member.accept(proposal);
  expect(await alice.getContract("undrafted")).toMatchObject({ state: "Accepted", data: ["terms"] });
});

test("a contract that was never drafted is gone when its proposal is rejected", async () => {
  const proposal = await bob.propose(setContract("unwanted"));
  await carol.reject(proposal);
  expect(await alice.call("GET", "/app/contracts/unwanted")).toMatchObject(refusal(404, "ContractNotFound"));
});

test("two contracts in one proposal are accepted together or not at all", async () => {
  const both = [setContract("pair-1", 1), setContract("pair-2", 2)];
  await carol.reject(await alice.propose(...both));
  for (const id of ["pair-1", "pair-2"]) {
    expect(await alice.call("GET", `/app/contracts/${id}`)).toMatchObject(refusal(404, "ContractNotFound"));
  }
  const { proposalId } = await agree([alice, bob, carol], ...both);
  expect(await alice.getContract("pair-1")).toMatchObject({ state: "Accepted", data: 1, proposalId });
  expect(await alice.getContract("pair-2")).toMatchObject({ state: "Accepted", data: 2, proposalId });
});

test("while a contract is proposed, no other proposal may be about it, and the first goes on undisturbed", async () => {
  const first = await alice.propose(setContract("contested", "first"));
  expect(await bob.propose(setContract("contested", "second"))).toMatchObject({ proposalState: "Rejected" });
  expect(await bob.propose(setContract("uncontested"), setContract("contested", "third"))).toMatchObject({ proposalState: "Rejected" });
  expect(await bob.getContract("contested")).toMatchObject({ state: "Proposed", data: "first", proposalId: first.proposalId });
  for (const member of [alice, bob, carol]) await member.accept(first);
  expect(await bob.getContract("contested")).toMatchObject({ state: "Accepted", data: "first" });
  expect(await bob.call("GET", "/app/contracts/uncontested")).toMatchObject(refusal(404, "ContractNotFound"));
});

test("an accepted contract is never accepted again: the proposal is rejected at once", async () => {
  await agree([alice, bob, carol], setContract("once", "first"));
  const contract = await alice.getContract("once");
  for (const actions of [[setContract("once", "second")], [setContract("not-yet"), setContract("once", "third")]]) {
    const { proposalId, proposalState } = await alice.propose(...actions);
    expect(proposalState).toBe("Rejected");
    await expect(bob.accept({ proposalId })).rejects.toMatchObject({ code: "ProposalNotOpen" });
  }
  expect(await alice.getContract("once")).toEqual(contract);
});

test("a contract is proposed by itself: next to any other action, or to itself, the proposal is rejected at once", async () => {
  const other = { name: "trigger_ledger_chunk", args: null };
  for (const actions of [
    [setContract("mixed"), other],
    [other, setContract("mixed")],
    [setContract("mixed", 1), setContract("mixed", 2)],
  ]) {
    expect(await alice.propose(...actions)).toMatchObject({ proposalState: "Rejected" });
  }
  expect(await alice.call("GET", "/app/contracts/mixed")).toMatchObject(refusal(404, "ContractNotFound"));
});

test("a vote is cast once: another one by the same member changes nothing", async () => {
  const proposal = await alice.propose(setContract("once-each"));
  await alice.accept(proposal);
  await expect(alice.reject(proposal)).rejects.toMatchObject({ code: "VoteAlreadyExists" });
  expect(await alice.accept(proposal)).toMatchObject({ proposalState: "Open", ballotCount: 1 });
});
