import { afterAll, beforeAll, expect, test } from "vitest";
import { call, refusal } from "../support/answer.js";
import { consortium } from "../support/consortium.js";
import { agree, setContract } from "../support/party.js";

const { place, members } = await consortium({ alice: {}, bob: {} }, afterAll);
const { alice, bob } = members;

const list = async (query = ""): Promise<string[]> => {
  const { status, body } = await bob.call("GET", `/app/contracts${query}`);
  expect(status).toBe(200);
  return (body as { value: { id: string }[] }).value.map(({ id }) => id);
};

beforeAll(async () => {
  expect(await bob.call("GET", "/app/contracts")).toMatchObject({ status: 200, body: { value: [] } });
  for (const id of ["draft", "Draft", "10", "9", "proposed", "accepted"]) await alice.putContract(id, { data: id });
  await alice.proposeContract("proposed");
  await alice.propose(setContract("proposed-undrafted"));
  await agree([alice, bob], setContract("accepted"));
  await agree([alice, bob], setContract("accepted-undrafted"));
});

test("all contracts are listed in the order of their ids, also those that were never drafted", async () => {
  const all = ["10", "9", "Draft", "accepted", "accepted-undrafted", "draft", "proposed", "proposed-undrafted"];
  expect(await list()).toEqual(all);
  expect(await list("?state=")).toEqual(all);
});

test("the list of a state holds the contracts that show this state when they are read", async () => {
  expect(await list("?state=Draft")).toEqual(["10", "9", "Draft", "draft"]);
  expect(await list("?state=Proposed")).toEqual(["proposed", "proposed-undrafted"]);
  expect(await list("?state=Accepted")).toEqual(["accepted", "accepted-undrafted"]);
  for (const state of ["Draft", "Proposed", "Accepted"]) {
    for (const id of await list(`?state=${state}`)) expect(await bob.getContract(id)).toMatchObject({ id, state });
  }
});

test("a query is understood in the ways in which clients write it, and what is not known is ignored", async () => {
  const proposed = ["proposed", "proposed-undrafted"];
  for (const query of ["?&state=Proposed", "?state=Proposed&api-version=2024-07-01", "?a=b&state=%50roposed&x", "??state=Proposed"]) {
    expect(await list(query)).toEqual(proposed);
  }
  for (const query of ["?", "?&", "?a=b&&=", "?State=Proposed", "?state", "?api-version=2024-07-01"]) {
    expect(await list(query)).toHaveLength(8);
  }
});

test("a state that there is not, or two of them, are refused by name", async () => {
  for (const state of ["draft", "Rejected", "Draft%20", "__proto__", "Draft%00", "%ff", "Draft=Draft"]) {
    const refused = refusal(400, "InvalidParameter", expect.stringContaining("query/state"));
    expect(await bob.call("GET", `/app/contracts?state=${state}`)).toMatchObject(refused);
  }
  const twice = refusal(400, "InvalidInput", "query/state must be string");
  expect(await bob.call("GET", "/app/contracts?state=Draft&state=Accepted")).toMatchObject(twice);
});

test("a list can be read in pages that hold each entry once", async () => {
  const pages: string[][] = [];
  for (let link: string | undefined = "/app/contracts?limit=3&state=&api-version=1"; link !== undefined;) {
    const { status, body } = await bob.call("GET", link);
    expect(status).toBe(200);
    const page = body as { value: { id: string }[]; nextLink?: string };
    pages.push(page.value.map(({ id }) => id));
    link = page.nextLink;
  }
  expect(pages.map((page) => page.length)).toEqual([3, 3, 2]);
  expect(pages.flat()).toEqual(await list());
});

test("the link to the next page repeats what was asked, and a last page that is full has none", async () => {
  const first = await bob.call("GET", "/app/contracts?limit=2&state=Draft");
  const nextLink = "/app/contracts?state=Draft&limit=2&after=9";
  expect(first.body).toEqual({ value: [{ id: "10" }, { id: "9" }], nextLink });
  expect((await bob.call("GET", nextLink)).body).toEqual({ value: [{ id: "Draft" }, { id: "draft" }] });
  expect((await bob.call("GET", "/app/contracts?state=Draft&after=Z")).body).toEqual({ value: [{ id: "draft" }] });
  expect((await bob.call("GET", "/app/contracts?after=zzz")).body).toEqual({ value: [] });
});

test("a page of no size, or of one that is no number, is refused by name", async () => {
  for (const limit of ["0", "-1", "1.5", "1e3", "12abc", "10000", "%201", "0x10"]) {
    const refused = refusal(400, "InvalidInput", expect.stringContaining("query/limit"));
    expect(await bob.call("GET", `/app/contracts?limit=${limit}`)).toMatchObject(refused);
  }
});

test("the list is for members and users", async () => {
  expect(await call(place.anonymous, "GET", "/app/contracts")).toMatchObject(refusal(401, "InvalidAuthenticationInfo"));
});
