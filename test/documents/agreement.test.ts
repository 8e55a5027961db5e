import { afterAll, describe, expect, test } from "vitest";
import { refusal } from "../support/answer.js";
import { consortium } from "../support/consortium.js";
import { agree, setContract } from "../support/party.js";
import { ACTIONS, draft, setDocument } from "./party.js";

const { members } = await consortium({ alice: {}, bob: {} }, afterAll);
const { alice, bob } = members;
await agree([alice, bob], setContract("c1"));

const read = async (id: string) => (await bob.call("GET", `/app/memberdocuments/${id}`)).body as Record<string, unknown>;

describe.each(ACTIONS)("with %s", (action) => {
  const named = (name: string) => `${action}.${name}`;

  test("a proposed document shows what is voted on, although its draft goes on changing unseen", async () => {
    const id = named("hidden");
    const version = await draft(alice, id, "c1", "proposed");
    const { proposalId } = await alice.propose(setDocument(id, await read(id), action));
    const proposed = { id, state: "Proposed", version, contractId: "c1", data: "proposed", proposalId };
    expect(await read(id)).toEqual(proposed);

    const edited = await bob.call("PUT", `/app/documents/${id}`, { contractId: "c1", data: "edited", version });
    expect(edited).toMatchObject({ status: 200 });
    expect(await read(id)).toEqual(proposed);

    await alice.withdraw({ proposalId });
    expect(await read(id)).toMatchObject({ state: "Draft", version: edited.transactionId, data: "edited", proposalId: "" });
  });

  test("a document that all accept says by which proposal and with which votes, and can no longer change", async () => {
    const id = named("agreed");
    await draft(alice, id, "c1", { sql: "select 1" });
    const proposal = await alice.propose(setDocument(id, await read(id), action));
    await alice.accept(proposal);
    const last = await bob.cast("export const vote = () => true;", proposal);

    const accepted = await read(id);
    const { proposalId } = proposal;
    expect(accepted).toMatchObject({ id, state: "Accepted", version: last.transactionId, contractId: "c1", proposalId });
    expect(accepted.data).toEqual({ sql: "select 1" });
    const byMember = [alice.id, bob.id].sort().map((memberId) => ({ memberId, vote: true }));
    expect(accepted.finalVotes).toHaveLength(2);
    expect(accepted.finalVotes).toEqual(expect.arrayContaining(byMember));

    for (const path of [`/app/documents/${id}`, `/app/memberdocuments/${id}`, `/app/contracts/c1/memberdocuments/${id}`]) {
      for (const body of [{ contractId: "c1", data: "new", version: accepted.version }, {}]) {
        expect(await alice.call("PUT", path, body)).toMatchObject(refusal(405, "DocumentAlreadyAccepted"));
      }
    }
    expect(await read(id)).toEqual(accepted);
  });

  test("one vote against a document makes it a draft again", async () => {
    const id = named("vetoed");
    await draft(alice, id, "c1");
    const proposal = await alice.propose(setDocument(id, await read(id), action));
    expect(await bob.reject(proposal)).toMatchObject({ proposalState: "Rejected" });
    expect(await read(id)).toMatchObject({ state: "Draft" });
  });

  test("a document can be proposed without ever having been a draft, and is gone when it is rejected", async () => {
    const id = named("undrafted");
    const proposal = await alice.propose(setDocument(id, { contractId: "c1", data: ["terms"] }, action));
    expect(await read(id)).toEqual({ id, state: "Proposed", contractId: "c1", data: ["terms"], proposalId: proposal.proposalId });
    await bob.reject(proposal);
    expect(await bob.call("GET", `/app/documents/${id}`)).toMatchObject(refusal(404, "DocumentNotFound"));
  });
});
