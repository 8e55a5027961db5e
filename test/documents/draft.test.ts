import { afterAll, describe, expect, test } from "vitest";
import { refusal } from "../support/answer.js";
import { consortium } from "../support/consortium.js";
import { agree, setContract } from "../support/party.js";

const { members } = await consortium({ alice: {}, bob: {} }, afterAll);
const { alice, bob } = members;
await alice.putContract("c1", { data: "terms" });
await alice.putContract("c2", { data: "terms" });
await agree([alice, bob], setContract("undrafted"));

/** The addresses of a document of contract c1: to write, and with which verb to read. */
const spellings = [
  ["/app/documents", "GET", "v3"],
  ["/app/memberdocuments", "GET", "v8"],
  ["/app/contracts/c1/memberdocuments", "POST", "c1"],
] as const;

describe.each(spellings)("at %s", (base, read, prefix) => {
  const idOf = (name: string) => `${prefix}.${name}`;
  const at = (name: string) => `${base}/${idOf(name)}`;

  test("a draft is read under every address, with the transaction that wrote it as its version", async () => {
    const { status, body, transactionId: version } = await alice.call("PUT", at("one"), { contractId: "c1", data: { sql: "select 1" } });
    expect({ status, body }).toEqual({ status: 200, body: undefined });
    const draft = { id: idOf("one"), state: "Draft", version, contractId: "c1", data: { sql: "select 1" }, proposalId: "" };
    for (const [other, verb] of spellings) {
      expect(await bob.call(verb, `${other}/${idOf("one")}`)).toMatchObject({ status: 200, body: draft });
    }
  });

  test("a draft is replaced only by an editor who names the version last read", async () => {
    const { transactionId: version } = await alice.call("PUT", at("edited"), { contractId: "c1", data: "first" });
    for (const missing of [undefined, null, ""]) {
      const answer = await bob.call("PUT", at("edited"), { contractId: "c1", data: "mine", version: missing });
      expect(answer).toMatchObject(refusal(409, "DocumentAlreadyExists"));
    }
    expect(await bob.call("PUT", at("edited"), { contractId: "c1", data: "second", version })).toMatchObject({ status: 200 });
    const late = await alice.call("PUT", at("edited"), { contractId: "c1", data: "third", version });
    expect(late).toMatchObject(refusal(412, "PreconditionFailed"));
    expect(await alice.call(read, at("edited"))).toMatchObject({ body: { data: "second" } });
  });

  test.each([
    ["no contract", { data: "x" }, 400, "ContractIdMissing"],
    ["an empty contract, and no data", { contractId: "" }, 400, "ContractIdMissing"],
    ["null for the contract", { contractId: null, data: "x" }, 400, "ContractIdMissing"],
    ["no data", { contractId: "c1" }, 400, "DataMissing"],
    ["data that say nothing", { contractId: "c1", data: 0 }, 400, "DataMissing"],
    ["a number for the contract", { contractId: 1, data: "x" }, 400, "InvalidInput"],
    ["a contract with a NUL, where CCF cuts keys off", { contractId: "c1\0x", data: "x" }, 400, "InvalidInput"],
    ["a number for the version", { contractId: "c1", data: "x", version: 2.1 }, 400, "InvalidInput"],
    ["what is no JSON", "{", 400, "InvalidInput"],
    ["a list", [], 400, "InvalidInput"],
  ])("a document with %s is refused, and is not there", async (_, body, status, code) => {
    expect(await alice.call("PUT", at("refused"), body)).toMatchObject(refusal(status, code));
    expect(await alice.call(read, at("refused"))).toMatchObject(refusal(404, "DocumentNotFound"));
  });
});

test("a document of a contract that there is not is refused", async () => {
  for (const contractId of ["nowhere", "c", "C1", "constructor"]) {
    const answer = await alice.call("PUT", "/app/documents/homeless", { contractId, data: "x" });
    expect(answer).toMatchObject(refusal(404, "ContractNotFound"));
  }
  const nowhere = await alice.call("PUT", "/app/contracts/nowhere/memberdocuments/homeless", { contractId: "nowhere", data: "x" });
  expect(nowhere).toMatchObject(refusal(404, "ContractNotFound"));
  expect(await alice.call("GET", "/app/documents/homeless")).toMatchObject(refusal(404, "DocumentNotFound"));
});

test("an accepted contract needs no draft for documents to be written for it", async () => {
  const answer = await alice.call("PUT", "/app/documents/for-undrafted", { contractId: "undrafted", data: "x" });
  expect(answer).toMatchObject({ status: 200 });
});

test("under a contract, only documents that name this contract are written and read", async () => {
  const path = "/app/contracts/c2/memberdocuments/of-c1";
  expect(await alice.call("PUT", path, { contractId: "c1", data: "x" })).toMatchObject(refusal(400, "ContractIdMismatch"));
  expect(await alice.call("GET", "/app/documents/of-c1")).toMatchObject(refusal(404, "DocumentNotFound"));
  await alice.call("PUT", "/app/documents/of-c1", { contractId: "c1", data: "x" });
  expect(await bob.call("POST", path)).toMatchObject(refusal(400, "ContractIdMismatch"));
  expect(await bob.call("POST", "/app/contracts/nowhere/memberdocuments/of-c1")).toMatchObject(refusal(400, "ContractIdMismatch"));
});

test("ids of documents have the form of all ids", async () => {
  for (const id of ["-a", "a%20b", "a:b", ".hidden", "a".repeat(129)]) {
    const answer = await alice.call("PUT", `/app/documents/${id}`, { contractId: "c1", data: "x" });
    expect(answer).toMatchObject(refusal(400, "InvalidInput", expect.stringContaining("path/documentId")));
  }
});
