import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { bundleDigest, getBundle } from "../../client/governance/application.js";
import { consortium, startPlace } from "../support/consortium.js";
import { agree, setContract } from "../support/party.js";
import { stateSeenBy } from "../support/state.js";

test("contracts, proposals and their votes survive a stop, and the consortium goes on where it was", async () => {
  const dir = await mkdtemp(join(tmpdir(), "governance-"));
  onTestFinished(() => rm(dir, { recursive: true }));
  const { place, members } = await consortium({ alice: {}, bob: {} }, onTestFinished, { dir: join(dir, "data") });
  const { alice, bob } = members;
  await agree([alice, bob], setContract("agreed", { dataset: "d1" }));
  await alice.putContract("drafted", { data: "first" });
  await alice.putContract("drafted", { data: "second", version: (await alice.getContract("drafted")).version });
  await alice.putContract("proposed", { data: "terms" });
  const open = await alice.proposeContract("proposed");
  await alice.accept(open);
  const before = await stateSeenBy(bob);
  const digest = bundleDigest(await getBundle(bob.session));
  await place.stop();

  const resumed = await startPlace({ dir: join(dir, "data"), resume: true }, onTestFinished);
  const [aliceAgain, bobAgain] = [alice, bob].map(({ session }) => resumed.party(session.identity)) as [typeof alice, typeof bob];
  expect(resumed.service.serviceCertificate).toBe(place.service.serviceCertificate);
  expect(await stateSeenBy(bobAgain)).toEqual(before);
  expect(bundleDigest(await getBundle(bobAgain.session))).toBe(digest);

  expect(await bobAgain.accept(open)).toMatchObject({ proposalState: "Accepted" });
  expect(await aliceAgain.getContract("proposed")).toMatchObject({ state: "Accepted", proposalId: open.proposalId });
  const { version } = await aliceAgain.getContract("drafted");
  const third = await aliceAgain.putContract("drafted", { data: "third", version });
  expect(Number(third.split(".")[1])).toBeGreaterThan(Number(version.split(".")[1]));
});
