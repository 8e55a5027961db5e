import { beforeEach, describe, expect, test } from "vitest";
import { Application, member, memberId, refusal } from "../application.js";

let app: Application;
beforeEach(async () => {
  app = await Application.start();
});

const put = (contractId: string, body: unknown, name = "alice") =>
  app.call("put", "/contracts/{contractId}", { params: { contractId }, body, caller: member(name) });
const get = (contractId: string) => app.call("get", "/contracts/{contractId}", { params: { contractId } });
const list = (query = "") => app.call("get", "/contracts", { query });
const ids = (query?: string) => (list(query).body as { value: { id: string }[] }).value.map(({ id }) => id);

const proposalId = "ab".repeat(32);
const setContract = (contractId: string, contract: unknown) => ({ name: "set_contract", args: { contractId, contract } });
const accept = (contractId: string, data: unknown) => {
  app.govern("accepted_contracts", contractId, { data, proposalId, finalVotes: { [memberId("alice")]: true, [memberId("bob")]: false } });
};

describe("a draft", () => {
  test("is read back with the version of the transaction that wrote it", () => {
    const { status, body, version } = put("c1", { data: { text: "one" } });
    expect({ status, body }).toEqual({ status: 200, body: undefined });
    expect(get("c1")).toMatchObject({
      status: 200,
      body: { id: "c1", state: "Draft", version, data: { text: "one" }, proposalId: "" },
    });
  });

  test("is replaced by who names the version last read, and by nobody else", () => {
    const { version } = put("c1", { data: "one" });
    expect(put("c1", { data: "two" }, "bob")).toMatchObject(refusal(409, "ContractAlreadyExists"));
    expect(put("c1", { data: "two", version: "" }, "bob")).toMatchObject(refusal(409, "ContractAlreadyExists"));
    expect(put("c1", { data: "two", version: "2.1" }, "bob")).toMatchObject(refusal(412, "PreconditionFailed"));
    expect(get("c1").body).toMatchObject({ data: "one", version });

    const next = put("c1", { data: "two", version }, "bob").version;
    expect(put("c1", { data: "three", version })).toMatchObject(refusal(412, "PreconditionFailed"));
    expect(get("c1").body).toMatchObject({ data: "two", version: next });
  });

  test("needs no version, or any, where there is none yet", () => {
    expect(put("c1", { data: 1, version: "9.9" }).status).toBe(200);
    expect(put("c2", { data: 1, version: null }).status).toBe(200);
  });

  test("needs data", () => {
    for (const body of [{}, { data: null }, { data: "" }, { data: 0 }, { data: false }]) {
      expect(put("c1", body)).toMatchObject(refusal(400, "DataMissing"));
    }
    expect(get("c1")).toMatchObject(refusal(404, "ContractNotFound"));
  });

  test("cannot be read or replaced while the node does not know the view of its last write", () => {
    put("c1", { data: "one" });
    app.view = null;
    expect(get("c1")).toMatchObject(refusal(503, "ViewNotKnown"));
    expect(put("c1", { data: "two", version: "2.4" })).toMatchObject(refusal(503, "ViewNotKnown"));
  });

  test("keeps any JSON as it is", () => {
    const data = JSON.parse(
      '{"__proto__":{"a":1},"constructor":null,"10":1,"9":2,"":"\\u0000\\ud83d\\ude00","list":[[],{},1.5e300]}',
    ) as unknown;
    put("c1", { data });
    expect((get("c1").body as { data: unknown }).data).toEqual(data);
  });
});

describe("a proposed contract", () => {
  test("shows what the members vote on, not what has become of the draft since", () => {
    const { version } = put("c1", { data: "one" });
    app.propose(proposalId, "Open", setContract("c1", { id: "c1", state: "Draft", proposalId: "", data: "one", version }));
    expect(put("c1", { data: "two", version }).status).toBe(200);
    expect(get("c1").body).toEqual({ id: "c1", state: "Proposed", data: "one", version, proposalId });
  });

  test("needs no draft, and leaves out what the proposal leaves out", () => {
    for (const [i, contract] of [{}, null, [], "text", undefined, { version: 7 }].entries()) {
      app.propose(memberId(String(i)), "Open", setContract(`c${i}`, contract));
      expect(get(`c${i}`).body).toEqual({ id: `c${i}`, state: "Proposed", proposalId: memberId(String(i)) });
    }
  });

  test("is a draft again when the proposal is closed", () => {
    put("c1", { data: "one" });
    app.propose(proposalId, "Open", setContract("c1", { data: "one" }));
    expect(get("c1").body).toMatchObject({ state: "Proposed" });
    for (const state of ["Rejected", "Withdrawn", "Dropped", "Failed"]) {
      app.propose(proposalId, state, setContract("c1", { data: "one" }));
      expect(get("c1").body).toMatchObject({ state: "Draft", proposalId: "" });
    }
  });

  test("is found among proposals of every other kind, and a closed one is not even parsed", () => {
    app.propose(memberId("app"), "Open", { name: "set_js_app", args: { bundle: "x".repeat(500_000) } }, { name: "no_arguments" });
    app.propose(memberId("document"), "Open", { name: "set_document", args: { contractId: "c1", documentId: "d1" } });
    app.propose(memberId("odd"), "Open", { name: "set_contract", args: { contractId: ["c1"] } }, { name: "set_contract", args: null });
    app.govern("proposals", memberId("closed"), "{ not JSON");
    app.govern("proposals_info", memberId("closed"), { state: "Accepted" });
    expect(get("c1")).toMatchObject(refusal(404, "ContractNotFound"));
    app.propose(proposalId, "Open", setContract("c1", { data: "one" }));
    expect(get("c1").body).toMatchObject({ state: "Proposed", proposalId });
  });

  test("is found among more open proposals, and longer ones, than are remembered", () => {
    for (let i = 0; i < 300; i++) app.propose(memberId(`p${i}`), "Open", setContract(`c${i}`, { data: i }));
    app.propose(proposalId, "Open", ...Array.from({ length: 100 }, (_, i) => setContract(`d${i}`, { data: i })));
    for (const contractId of ["c0", "c299", "d0", "d99"]) {
      expect(get(contractId).body).toMatchObject({ state: "Proposed" });
      expect(get(contractId).body).toMatchObject({ state: "Proposed" });
    }
    expect(ids("state=Proposed")).toHaveLength(400);
  });
});

describe("an accepted contract", () => {
  test("shows how the members voted and never changes again", () => {
    put("c1", { data: "draft" });
    accept("c1", "agreed");
    app.propose(memberId("late"), "Open", setContract("c1", { data: "late" }));
    expect(get("c1").body).toEqual({
      id: "c1",
      state: "Accepted",
      version: `2.${app.store.seqno - 2}`,
      data: "agreed",
      proposalId,
      finalVotes: [
        { memberId: memberId("alice"), vote: true },
        { memberId: memberId("bob"), vote: false },
      ],
    });
    expect(put("c1", {})).toMatchObject(refusal(405, "ContractAlreadyAccepted"));
  });

  test("lists no votes when there were none", () => {
    app.govern("accepted_contracts", "c1", { data: "agreed", proposalId });
    expect(get("c1").body).toMatchObject({ finalVotes: [] });
  });

  test("is read by POST as by GET", () => {
    accept("c1", "agreed");
    expect(app.call("post", "/contracts/{contractId}", { params: { contractId: "c1" }, body: "{ignored" }).body).toEqual(get("c1").body);
  });
});

describe("the list of contracts", () => {
  test("names each contract once, in order, and by state those whose reading shows that state", () => {
    expect(list()).toMatchObject({ status: 200, body: { value: [] } });
    for (const id of ["c", "a", "B", "10", "9"]) put(id, { data: 1 });
    accept("a", 1);
    accept("z", 1);
    app.propose(proposalId, "Open", setContract("9", {}), setContract("y", {}), setContract("z", {}));

    const all = ids();
    expect(all).toEqual(["10", "9", "B", "a", "c", "y", "z"]);
    for (const state of ["Draft", "Proposed", "Accepted"]) {
      expect(ids(`state=${state}`)).toEqual(all.filter((id) => (get(id).body as { state: string }).state === state));
    }
    expect(ids("state=&api-version=1")).toEqual(all);
    expect(ids("?&state=Proposed")).toEqual(["9", "y"]);
  });

  test("refuses a state that there is not", () => {
    for (const state of ["draft", "Rejected", "__proto__", "constructor"]) {
      expect(list(`state=${state}`)).toMatchObject(refusal(400, "InvalidParameter"));
    }
    expect(list("state=Draft&state=Proposed")).toMatchObject(refusal(400, "InvalidInput", "query/state must be string"));
  });
});
