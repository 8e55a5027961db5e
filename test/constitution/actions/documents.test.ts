import { beforeAll, describe, expect, test } from "vitest";
import { GovernedService } from "../service.js";

const TABLE = "public:ccf.gov.accepted_documents";
let service: GovernedService;
beforeAll(async () => {
  service = await GovernedService.start({ isv: {} });
  service.agreeContract("c1");
});

const document = (name: string, documentId: string, data: unknown = 1) => ({
  name,
  args: { documentId, document: { data, contractId: "c1" } },
});

describe.each(["set_document", "set_member_document"])("%s", (name) => {
  test("makes final what a client has read, and lists it by its contract", () => {
    const draft = { id: `d-${name}`, state: "Draft", version: "2.17", contractId: "c1", data: { query: "x" }, proposalId: "" };
    const proposalId = service.pass(["isv"], { name, args: { documentId: `d-${name}`, document: draft } });
    const finalVotes = { [service.id("isv")]: true };
    expect(service.row(TABLE, `d-${name}`)).toEqual({ data: { query: "x" }, contractId: "c1", proposalId, finalVotes });
    expect(service.row(`${TABLE}-c1`, `d-${name}`)).toBe(true);
  });

  test.each([
    [{ document: { data: 1, contractId: "c1" } }, "documentId is missing"],
    [{ documentId: "a/b", document: { data: 1, contractId: "c1" } }, "documentId must be 1 to 128 letters"],
    [{ documentId: "d" }, "document is missing"],
    [{ documentId: "d", document: null }, "document must be an object"],
    [{ documentId: "d", document: [] }, "document must be an object"],
    [{ documentId: "d", document: { contractId: "c1" } }, "document.data is missing"],
    [{ documentId: "d", document: { data: 0, contractId: "c1" } }, "document.data must be something other than null"],
    [{ documentId: "d", document: { data: 1 } }, "document.contractId is missing"],
    [{ documentId: "d", document: { data: 1, contractId: "c2" } }, "document.contractId c2 is not an accepted contract"],
    [{ documentId: "d", document: { data: 1, contractId: "c1", id: "e" } }, "document.id differs from documentId"],
    [{ documentId: "d", document: { data: 1, contractId: "c1" }, contractId: "c1" }, "contractId is unknown"],
  ])("%j is refused: %s", (args, problem) => {
    expect(service.problems({ name, args })).toContain(`${name} at position 0 failed validation: ${problem}`);
  });
});

test("a document is accepted once, and open in one proposal at a time, under either name of the action", () => {
  service.pass(["isv"], document("set_document", "once", 1));
  expect(service.propose("isv", document("set_member_document", "once", 2)).state).toBe("Rejected");
  expect(service.row(TABLE, "once")).toMatchObject({ data: 1 });
  const { state } = service.propose("isv", document("set_member_document", "open"));
  expect(state).toBe("Open");
  expect(service.propose("isv", document("set_document", "open")).state).toBe("Rejected");
  expect(service.propose("isv", document("set_document", "twice"), document("set_member_document", "twice")).state).toBe("Rejected");
});

test("documents and contracts do not share their names, and a document may come with other actions", () => {
  expect(service.propose("isv", { name: "set_contract", args: { contractId: "name", contract: { data: 1 } } }).state).toBe("Open");
  const together = service.propose("isv", document("set_document", "name"), { name: "trigger_snapshot", args: {} });
  expect(together.state).toBe("Open");
  expect(service.vote("isv", together.id, "yes")).toBe("Accepted");
});
