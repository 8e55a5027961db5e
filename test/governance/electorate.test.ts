import { expect, onTestFinished, test } from "vitest";
import { setMember } from "../../client/governance/members.js";
import { refusal } from "../support/answer.js";
import { consortium, deploy, founded } from "../support/consortium.js";
import { agree, setContract, type Party } from "../support/party.js";

const remove = ({ id }: Party) => ({ name: "remove_member", args: { member_id: id } });
const invite = ({ certificate }: Party) => setMember({ certificate, memberData: {} });

test("a single founder decides alone, and each member who joins is asked from then on", async () => {
  const { place, members } = await founded({ alice: {} }, onTestFinished);
  const { alice } = members;
  expect(await alice.call("GET", "/app/contracts")).toMatchObject(refusal(404, "FrontendNotOpen"));
  await deploy(alice);
  await agree([alice], setContract("alone"));

  const bob = place.stranger("bob");
  await agree([alice], invite(bob));
  await bob.activate();
  const proposal = await alice.propose(setContract("together"));
  expect(await alice.accept(proposal)).toMatchObject({ proposalState: "Open" });
  expect(await bob.accept(proposal)).toMatchObject({ proposalState: "Accepted" });
  expect(await bob.getContract("alone")).toMatchObject({ finalVotes: [{ memberId: alice.id, vote: true }] });
});

test("a proposal carries no vote of its proposer", async () => {
  const { members } = await founded({ alice: {} }, onTestFinished);
  expect(await members.alice.propose(setContract("c"))).toMatchObject({ proposalState: "Open", ballotCount: 0 });
});

test("a contract waits for a member who was invited, and is accepted with his vote once he is active", async () => {
  const { place, members } = await consortium({ alice: {}, bob: {} }, onTestFinished);
  const { alice, bob } = members;
  const carol = place.stranger("carol");
  await agree([alice, bob], invite(carol));
  const proposal = await alice.propose(setContract("waits"));
  await alice.accept(proposal);
  expect(await bob.accept(proposal)).toMatchObject({ proposalState: "Open", ballotCount: 2 });
  expect(await bob.getContract("waits")).toMatchObject({ state: "Proposed" });

  await carol.activate();
  expect(await bob.getProposal(proposal)).toMatchObject({ proposalState: "Open" });
  expect(await carol.accept(proposal)).toMatchObject({ proposalState: "Accepted" });
  expect(await carol.getContract("waits")).toMatchObject({ state: "Accepted" });
});

test("a member who was invited and never came blocks contracts alone, and no longer when he is removed", async () => {
  const { place, members } = await consortium({ alice: {}, bob: {} }, onTestFinished);
  const { alice, bob } = members;
  const carol = place.stranger("carol");
  await agree([alice, bob], invite(carol));
  const proposal = await alice.propose(setContract("blocked"));
  await alice.accept(proposal);
  await agree([bob, alice], remove(carol));
  expect(await bob.accept(proposal)).toMatchObject({ proposalState: "Accepted" });
});

test("when the one who blocked a contract leaves after all others have voted, it is proposed once more", async () => {
  const { place, members } = await consortium({ alice: {}, bob: {} }, onTestFinished);
  const { alice, bob } = members;
  const carol = place.stranger("carol");
  await agree([alice, bob], invite(carol));
  const first = await alice.propose(setContract("again"));
  for (const member of [alice, bob]) await member.accept(first);
  await agree([bob, alice], remove(carol));
  // CCF decides when a vote comes in, and all have voted: the proposal stays as it is until its proposer takes it back.
  expect(await bob.accept(first)).toMatchObject({ proposalState: "Open" });
  await alice.withdraw(first);
  await agree([alice, bob], setContract("again"));
});

test("the vote of a member who was removed counts no more, neither for nor against", async () => {
  const { members } = await consortium({ alice: {}, bob: {}, carol: {}, dave: {} }, onTestFinished);
  const { alice, bob, carol, dave } = members;
  const chunk = { name: "trigger_ledger_chunk", args: null };
  const wanted = await alice.propose(setContract("wanted"));
  const disputed = await alice.propose(chunk);
  await carol.accept(wanted);
  await dave.reject(disputed);
  await agree([alice, bob, carol, dave], remove(dave));
  await agree([alice, bob, carol], remove(carol));

  expect(await alice.accept(wanted)).toMatchObject({ proposalState: "Open" });
  expect(await bob.accept(wanted)).toMatchObject({ proposalState: "Accepted" });
  expect(await alice.accept(disputed)).toMatchObject({ proposalState: "Open" });
  expect(await bob.accept(disputed)).toMatchObject({ proposalState: "Accepted" });
});

test("what is no contract stays open when a member votes against it, and is never accepted", async () => {
  const { members } = await consortium({ alice: {}, bob: {} }, onTestFinished);
  const { alice, bob } = members;
  const proposal = await alice.propose({ name: "trigger_ledger_chunk", args: null });
  expect(await bob.reject(proposal)).toMatchObject({ proposalState: "Open" });
  expect(await alice.accept(proposal)).toMatchObject({ proposalState: "Open", ballotCount: 2 });
});

test("a ballot that fails is no vote", async () => {
  const { members } = await consortium({ alice: {}, bob: {} }, onTestFinished);
  const { alice, bob } = members;
  const proposal = await alice.propose(setContract("c"));
  await alice.accept(proposal);
  const failed = await bob.cast("export function vote() { throw new Error('no'); }", proposal);
  expect(failed).toMatchObject({ status: 200, body: { proposalState: "Open", ballotCount: 2 } });
  expect(await alice.getContract("c")).toMatchObject({ state: "Proposed" });
});

test("a member who is removed leaves no open proposal behind that would keep others from proposing the same", async () => {
  const { members } = await consortium({ alice: {}, bob: {}, carol: {} }, onTestFinished);
  const { alice, bob, carol } = members;
  const proposed = await carol.propose(setContract("x"));
  await alice.accept(proposed);
  await bob.accept(proposed);
  const own = await carol.propose(remove(carol));
  for (const party of [alice, bob, carol]) await party.accept(own);
  expect(await alice.getProposal(own)).toMatchObject({ proposalState: "Accepted" });
  expect(await alice.getProposal(proposed)).toMatchObject({ proposalState: "Dropped" });
  await agree([alice, bob], setContract("x"));
  expect(await alice.getContract("x")).toMatchObject({ state: "Accepted" });
});
