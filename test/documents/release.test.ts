import { afterAll, expect, test } from "vitest";
import { call, refusal, type Answer } from "../support/answer.js";
import { agreedRoom } from "../support/cleanRoom.js";
import { consortium } from "../support/consortium.js";
import { agree } from "../support/party.js";
import { ACTIONS, draft, setDocument } from "./party.js";

const { place, members } = await consortium({ alice: {}, bob: {} }, afterAll, { virtualTee: true });
const { alice, bob } = members;

const room = await agreedRoom(place, [alice, bob], { contractId: "c1", hostData: "11".repeat(32) });
const another = await agreedRoom(place, [alice, bob], { contractId: "c2", hostData: "22".repeat(32) });

const SPELLINGS = ["acceptedDocuments", "memberdocuments/accepted"] as const;

const ask = (contractId: string, id: string, body: unknown, spelling: (typeof SPELLINGS)[number] = SPELLINGS[0]): Promise<Answer> =>
  call(place.anonymous, "POST", `/app/contracts/${contractId}/${spelling}/${id}`, body);

for (const action of ACTIONS) {
  await agree([alice, bob], setDocument(`by-${action}`, { contractId: "c1", data: { sql: "sélect 1" } }, action));
}

test.each(ACTIONS.flatMap((action) => SPELLINGS.map((spelling) => [action, spelling] as const)))(
  "what %s has accepted is given to the clean room of its contract at %s, as members read it",
  async (action, spelling) => {
    const { status, body } = await ask("c1", `by-${action}`, room.attested(), spelling);
    expect(status).toBe(200);
    const { value } = body as { value: unknown };
    const { body: read } = await alice.call("GET", `/app/documents/by-${action}`);
    expect(JSON.parse(room.unwrap(value))).toEqual(read);
    expect(read).toMatchObject({ state: "Accepted", contractId: "c1", data: { sql: "sélect 1" }, finalVotes: [{}, {}] });
    expect(() => another.unwrap(value)).toThrow(/./);
  },
);

test("what is drafted or proposed is not there for clean rooms", async () => {
  await draft(alice, "draft", "c1");
  await alice.propose(setDocument("proposed", { contractId: "c1", data: 1 }));
  for (const id of ["draft", "proposed", "nothing"]) {
    expect(await ask("c1", id, room.attested())).toMatchObject(refusal(404, "DocumentNotFound"));
  }
});

test("the clean room of another contract is given nothing, under whichever contract it asks", async () => {
  expect(await ask("c1", "by-set_document", another.attested())).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
  expect(await ask("c2", "by-set_document", another.attested())).toMatchObject(refusal(400, "ContractIdMismatch"));
});

test("a clean room is given nothing while a member has disabled the execution of the contract", async () => {
  await bob.call("POST", "/app/contracts/c1/disable");
  for (const spelling of SPELLINGS) {
    const answer = await ask("c1", "by-set_document", room.attested(), spelling);
    expect(answer).toMatchObject(refusal(403, "ContractDisabled"));
  }
  await bob.call("POST", "/app/contracts/c1/enable");
  expect(await ask("c1", "by-set_document", room.attested())).toMatchObject({ status: 200 });
});

test("without complete evidence nobody learns which documents there are", async () => {
  const { attestation, encrypt } = room.attested();
  for (const id of ["by-set_document", "nothing"]) {
    expect(await ask("c1", id, {})).toMatchObject(refusal(400, "AttestationMissing"));
    expect(await ask("c1", id, { attestation })).toMatchObject(refusal(400, "EncryptionMissing"));
    const stolen = { attestation, encrypt: { publicKey: another.publicKey } };
    expect(await ask("c1", id, stolen)).toMatchObject(refusal(400, "ReportDataMismatch"));
    expect(await ask("c1", id, { attestation: {}, encrypt })).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
  }
});
