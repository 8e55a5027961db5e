import { afterAll, beforeAll, expect, test } from "vitest";
import type { Answer } from "../support/answer.js";
import { call, refusal } from "../support/answer.js";
import { consortium } from "../support/consortium.js";
import { settled, wholeHistory } from "../support/history.js";
import { agree, setContract, type Party } from "../support/party.js";

const { place, members } = await consortium({ alice: {}, bob: {} }, afterAll);
const { alice, bob } = members;

type Entry = { readonly seqno: number; readonly proposalId: string; readonly proposalState: string };

const linkOf = (proposalId: string, query = ""): string => `/app/proposals/${proposalId}/historical${query}`;
const historyOf = (party: Party, proposalId: string, query = ""): Promise<Answer> => settled(party, linkOf(proposalId, query));
const statesOf = ({ body }: Answer): string[] => (body as { value: Entry[] }).value.map(({ proposalState }) => proposalState);

/** A proposal that was voted on twice, then closed, then forgotten by CCF because another one closed. */
let agreed: { proposalId: string; seqnos: number[] };

beforeAll(async () => {
  const { proposalId } = await alice.propose(setContract("c1"));
  await alice.accept({ proposalId });
  await alice.putContract("between", { data: "the ballots" });
  await bob.accept({ proposalId });
  await agree([alice, bob], setContract("c2"));
  expect(await alice.call("GET", `/gov/members/proposals/${proposalId}?api-version=2024-07-01`)).toMatchObject({ status: 404 });
  const { body } = await historyOf(alice, proposalId);
  agreed = { proposalId, seqnos: (body as { value: Entry[] }).value.map(({ seqno }) => seqno) };
});

test("every state and vote of a proposal is told in its order, long after CCF has forgotten it", async () => {
  const { status, body } = await historyOf(bob, agreed.proposalId);
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      value: ["Open", "Open", "Accepted"].map((proposalState, i) => ({
        seqno: agreed.seqnos[i],
        proposalId: agreed.proposalId,
        proposalState,
      })),
    },
  });
  expect(agreed.seqnos.toSorted((a, b) => a - b)).toEqual(agreed.seqnos);
});

test("the deletion of a proposal is no entry of its own", async () => {
  const { proposalId } = await alice.propose(setContract("c3"));
  await alice.withdraw({ proposalId });
  expect(statesOf(await historyOf(alice, proposalId))).toEqual(["Open", "Withdrawn"]);
  await agree([alice, bob], setContract("c4"));
  expect(statesOf(await historyOf(alice, proposalId))).toEqual(["Open", "Withdrawn"]);
});

test("a proposal that never was has no history", async () => {
  expect(await historyOf(alice, "ab".repeat(32))).toMatchObject({ status: 200, body: { value: [] } });
});

test("pages are exact: each covers as many transactions as were asked for, and together they hold every entry once", async () => {
  const { proposalId, seqnos } = agreed;
  const [first = 0, , last = 0] = seqnos;
  for (const size of [1, 2, 3, last - first, last - first + 1, last]) {
    const links: string[] = [];
    const entries = await wholeHistory<Entry>(
      alice,
      linkOf(proposalId, `?from_seqno=${first}&to_seqno=${last}&max_seqno_per_page=${size}`),
      links,
    );
    expect(entries.map(({ seqno }) => seqno)).toEqual(seqnos);
    const more = Array.from({ length: Math.ceil((last - first + 1) / size) - 1 }, (_, i) => first + (i + 1) * size);
    expect(links).toEqual(more.map((from) => linkOf(proposalId, `?from_seqno=${from}&to_seqno=${last}&max_seqno_per_page=${size}`)));
  }
});

test("both ends belong to the range, and nothing beyond them", async () => {
  const { proposalId, seqnos } = agreed;
  const [first = 0, second = 0, third = 0] = seqnos;
  const within = async (from: number | "", to: number | "") =>
    statesOf(await historyOf(alice, proposalId, `?from_seqno=${from}&to_seqno=${to}`)).length;
  expect(await within(first, third)).toBe(3);
  expect(await within(first + 1, third - 1)).toBe(1);
  expect(await within(first + 1, second - 1)).toBe(0);
  expect(await within(second, second)).toBe(1);
  expect(await within("", first)).toBe(1);
  expect(await within(third, "")).toBe(1);
  expect(await within(third + 1, "")).toBe(0);
  expect(await within(1_000_000, "")).toBe(0);
});

test("a page is never larger than the limit, whatever is asked for, and the link repeats what was asked", async () => {
  const { status, body } = await historyOf(alice, agreed.proposalId, "?max_seqno_per_page=1000000&api-version=x");
  expect({ status, states: (body as { value: unknown[] }).value.length }).toEqual({ status: 200, states: 3 });
});

test("a range that is none is refused with the name of the parameter and its value", async () => {
  const bad: [query: string, parameter: string][] = [
    ...["0", "-1", "1.5", "1e3", "12abc", "%201", "0x10", "null", "9999999999999999", "NaN", "%D9%A1", "%FF"].flatMap((value) =>
      ["from_seqno", "to_seqno", "max_seqno_per_page"].map((name): [string, string] => [`${name}=${value}`, name]),
    ),
    ["from_seqno=5&to_seqno=4", "to_seqno"],
    ["to_seqno=1000000", "to_seqno"],
    ["from_seqno=1&from_seqno=2", "from_seqno"],
    [`from_seqno=${"1".repeat(1000)}`, "from_seqno"],
  ];
  for (const [query, parameter] of bad) {
    const refused = refusal(400, "InvalidInput", expect.stringContaining(`query/${parameter}`));
    expect(await alice.call("GET", linkOf(agreed.proposalId, `?${query}`)), query).toMatchObject(refused);
  }
  expect((await alice.call("GET", linkOf(agreed.proposalId, "?from_seqno=12abc"))).body).toMatchObject({
    error: { message: 'query/from_seqno must be a whole number, 1 or more: "12abc"' },
  });
  expect(await alice.call("GET", linkOf("not-an-id"))).toMatchObject(refusal(400, "InvalidInput"));
});

test("readers of different ranges, and different readers of one, do not disturb each other", async () => {
  const { proposalId, seqnos } = agreed;
  const last = seqnos[2] ?? 0;
  const reads = [alice, bob, alice, bob].flatMap((party) =>
    Array.from({ length: 8 }, async (_, i) => {
      const entries = await wholeHistory<Entry>(
        party,
        linkOf(proposalId, `?from_seqno=${i + 1}&to_seqno=${last}&max_seqno_per_page=${i + 3}`),
      );
      expect(entries.map(({ seqno }) => seqno)).toEqual(seqnos);
    }),
  );
  await Promise.all(reads);
});

test("the history is for members and users", async () => {
  expect(await call(place.anonymous, "GET", linkOf(agreed.proposalId))).toMatchObject(refusal(401, "InvalidAuthenticationInfo"));
  const invited = place.stranger("stranger");
  expect(await invited.call("GET", linkOf(agreed.proposalId))).toMatchObject(refusal(401, "InvalidAuthenticationInfo"));
});
