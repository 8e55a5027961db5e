import { afterAll, beforeAll, expect, test } from "vitest";
import { refusal } from "../support/answer.js";
import { consortium } from "../support/consortium.js";
import { agree, setContract } from "../support/party.js";
import { draft, setDocument } from "./party.js";

const { members } = await consortium({ alice: {}, bob: {} }, afterAll);
const { alice, bob } = members;

async function list(path: string): Promise<string[]> {
  const { status, body } = await bob.call("GET", path);
  expect(status).toBe(200);
  return (body as { value: { id: string }[] }).value.map(({ id }) => id);
}

beforeAll(async () => {
  for (const id of ["c1", "c2"]) await agree([alice, bob], setContract(id));
  expect(await list("/app/documents")).toEqual([]);

  await draft(alice, "draft-1", "c1");
  const version = await draft(alice, "moved", "c1");
  await alice.call("PUT", "/app/documents/moved", { contractId: "c2", data: "query", version });
  await draft(alice, "proposed-1", "c1");
  await draft(alice, "proposed-for-c2", "c1");
  await draft(alice, "accepted-for-c2", "c1");
  await alice.propose(setDocument("proposed-1", { contractId: "c1", data: 1 }, "set_document"));
  await alice.propose(setDocument("proposed-for-c2", { contractId: "c2", data: 1 }));
  await alice.propose(setDocument("proposed-undrafted", { contractId: "c1", data: 1 }));
  await agree([alice, bob], setDocument("accepted-for-c2", { contractId: "c2", data: 1 }));
  await agree([alice, bob], setDocument("accepted-undrafted", { contractId: "c1", data: 1 }, "set_document"));
});

const all = ["accepted-for-c2", "accepted-undrafted", "draft-1", "moved", "proposed-1", "proposed-for-c2", "proposed-undrafted"];

test("both lists of all documents hold each that can be read, in the order of their ids", async () => {
  for (const path of ["/app/documents", "/app/memberdocuments"]) expect(await list(path)).toEqual(all);
  for (const id of all) expect(await bob.call("GET", `/app/documents/${id}`)).toMatchObject({ status: 200, body: { id } });
});

test("the list of a contract holds the documents that name this contract when they are read, and no others", async () => {
  expect(await list("/app/contracts/c1/memberdocuments")).toEqual(["accepted-undrafted", "draft-1", "proposed-1", "proposed-undrafted"]);
  expect(await list("/app/contracts/c2/memberdocuments")).toEqual(["accepted-for-c2", "moved", "proposed-for-c2"]);
  expect(await list("/app/contracts/c3/memberdocuments")).toEqual([]);
  for (const contractId of ["c1", "c2"]) {
    for (const id of await list(`/app/contracts/${contractId}/memberdocuments`)) {
      const { status, body } = await bob.call("POST", `/app/contracts/${contractId}/memberdocuments/${id}`);
      expect({ status, body }).toMatchObject({ status: 200, body: { id, contractId } });
    }
  }
});

test.each(["/app/documents", "/app/memberdocuments", "/app/contracts/c1/memberdocuments"])(
  "%s can be read in pages that hold each entry once",
  async (path) => {
    const ids: string[] = [];
    for (let link: string | undefined = `${path}?limit=3`; link !== undefined;) {
      const { status, body } = await bob.call("GET", link);
      expect(status).toBe(200);
      const page = body as { value: { id: string }[]; nextLink?: string };
      expect(page.value.length).toBeGreaterThan(0);
      ids.push(...page.value.map(({ id }) => id));
      link = page.nextLink;
    }
    expect(ids).toEqual(await list(path));
  },
);

test("a page of no size is refused by name", async () => {
  const refused = refusal(400, "InvalidInput", expect.stringContaining("query/limit"));
  expect(await bob.call("GET", "/app/documents?limit=0")).toMatchObject(refused);
});
