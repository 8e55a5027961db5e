import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { showService } from "../../sandbox/ledger.js";
import { agreedRoom } from "../support/cleanRoom.js";
import { call } from "../support/answer.js";
import { consortium } from "../support/consortium.js";

const dir = await mkdtemp(join(tmpdir(), "secrets-"));
const { place, members } = await consortium({ alice: {}, bob: {} }, afterAll, { dir, virtualTee: true });
const { alice, bob } = members;
afterAll(() => rm(dir, { recursive: true, force: true }));

test("whoever reads the ledger learns that a secret was written, and neither its value nor its name", async () => {
  const room = await agreedRoom(place, [alice, bob], { contractId: "c1" });
  const byMember = await alice.call("PUT", "/app/contracts/c1/secrets/zq7-name", { value: "zq7-value" });
  const byRoom = await call(place.anonymous, "PUT", "/app/contracts/c1/secrets/zq7-too", room.signed({ value: "zq7-value" }));
  const released = await call(place.anonymous, "POST", "/app/contracts/c1/secrets/cleanroom_zq7-too", room.attested());
  expect([byMember, byRoom, released].map(({ status }) => status)).toEqual([200, 200, 200]);
  await alice.putContract("c2", { data: "visible-value" });
  await place.stop();

  let text = "";
  const sealed: string[] = [];
  for await (const transaction of showService(dir)) {
    text += JSON.stringify(transaction);
    if (transaction.privateBytes > 0) sealed.push(transaction.id);
  }
  const shown = (words: string): boolean => text.includes(words); // a failed comparison should not print the ledger
  expect(shown("visible-value")).toBe(true);
  for (const words of ["zq7-", "secrets-c1", Buffer.from("zq7-value").toString("base64")]) expect(shown(words), words).toBe(false);
  expect(sealed).toEqual(expect.arrayContaining([byMember.transactionId, byRoom.transactionId]));
});
