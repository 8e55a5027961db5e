import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { call } from "../support/answer.js";
import { cleanRoom } from "../support/cleanRoom.js";
import { consortium, startPlace } from "../support/consortium.js";
import { seqnoOf, settled } from "../support/history.js";
import { agree, setContract } from "../support/party.js";

/** Milliseconds: nothing is committed before the test says so. */
const NEVER = 100_000_000;

test("history survives a restart of the service, and what is not committed yet is 202 until it is", async () => {
  const dir = join(await mkdtemp(join(tmpdir(), "events-")), "data");
  onTestFinished(() => rm(join(dir, ".."), { recursive: true }));
  const { place, members } = await consortium({ alice: {}, bob: {} }, onTestFinished, { dir, virtualTee: true });
  const { alice, bob } = members;
  await agree([alice, bob], setContract("c1"));
  const room = cleanRoom(place, { contractId: "c1" });
  const { proposalId } = await agree([alice, bob], room.setPolicy);
  const events = "/app/contracts/c1/events?from_seqno=1";
  const eventOf = (n: number) => room.signed(String(n), { timestamp: String(n) });
  for (const n of [1, 2]) expect(await call(place.anonymous, "PUT", events, eventOf(n))).toMatchObject({ status: 204 });
  const before = await settled(alice, events);
  expect(before.body).toMatchObject({ value: [{ data: 1 }, { data: 2 }] });
  const proposalBefore = await settled(alice, `/app/proposals/${proposalId}/historical`);
  await place.stop();

  const signatures = { milliseconds: NEVER, transactions: NEVER };
  const resumed = await startPlace({ dir, resume: true, virtualTee: true, signatures }, onTestFinished);
  const again = resumed.party(alice.session.identity);
  expect((await settled(again, events)).body).toEqual(before.body);
  expect((await settled(again, `/app/proposals/${proposalId}/historical`)).body).toEqual(proposalBefore.body);

  const third = await call(resumed.anonymous, "PUT", events, eventOf(3));
  expect(third).toMatchObject({ status: 204 });
  const seqno = seqnoOf(third.transactionId);
  for (const link of [events, events, `${events}&to_seqno=${seqno}`, `${events}&max_seqno_per_page=1`]) {
    const pending = await again.call("GET", link);
    expect(pending).toMatchObject({ status: 202, body: undefined, headers: { "retry-after": "1" } });
  }
  expect((await settled(again, `${events}&to_seqno=${seqno - 1}`)).body).toEqual(before.body);
  expect(await again.call("GET", "/app/contracts/c1/events")).toMatchObject({ status: 200, body: { value: [{ data: 3, seqno }] } });

  await resumed.service.sign();
  expect((await settled(again, events)).body).toMatchObject({ value: [{ data: 1 }, { data: 2 }, { data: 3, seqno }] });
});
