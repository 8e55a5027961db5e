import { afterAll, describe, expect, test } from "vitest";
import { setMember } from "../../client/governance/members.js";
import type { Request } from "../../client/transport.js";
import { call, refusal } from "../support/answer.js";
import { built, consortium } from "../support/consortium.js";
import { agree, setContract } from "../support/party.js";
import { stateSeenBy } from "../support/state.js";

const { place, members } = await consortium({ alice: {}, bob: {} }, afterAll);
const { alice, bob } = members;
await agree([alice, bob], setContract("agreed"));
await alice.putContract("drafted", { data: "terms" });

const unknown = refusal(401, "InvalidAuthenticationInfo");

/** Every operation of the deployed application that does not let in just anybody. */
const { metadata } = await built.bundle();
const guarded = Object.entries(metadata.endpoints).flatMap(([url, verbs]) =>
  Object.entries(verbs).flatMap(([verb, { authn_policies }]) => {
    const policies = authn_policies as readonly string[];
    if (policies.length === 0 || policies.includes("no_auth")) return [];
    return [{ method: verb.toUpperCase() as Request["method"], path: `/app${url.replaceAll(/\{\w+\}/g, "drafted")}`, policies }];
  }),
);

describe.each(guarded)("$method $path", ({ method, path, policies }) => {
  test("knows no caller without a certificate", async () => {
    const answer = await call(place.anonymous, method, path, { data: "forged" });
    expect(answer).toMatchObject(unknown);
    const { details } = (answer.body as { error: { details: { auth_policy: string }[] } }).error;
    expect(details.map(({ auth_policy }) => auth_policy)).toEqual(policies);
  });

  test("knows no caller whose certificate nobody has registered", async () => {
    expect(await place.stranger("mallory").call(method, path, { data: "forged" })).toMatchObject(unknown);
  });
});

test("a certificate that merely bears the name of a member is not that member", async () => {
  expect(await place.stranger("alice").call("GET", "/app/contracts/drafted")).toMatchObject(unknown);
});

test("callers who are not known change nothing and learn nothing", async () => {
  const before = await stateSeenBy(alice);
  const mallory = place.stranger("mallory");
  for (const id of ["drafted", "agreed", "new", "not%20well%20formed"]) {
    for (const method of ["GET", "POST", "PUT"] as const)
      expect(await mallory.call(method, `/app/contracts/${id}`, "{")).toMatchObject(unknown);
  }
  await expect(mallory.propose(setContract("new"))).rejects.toMatchObject({ status: 401 });
  expect(await stateSeenBy(alice)).toEqual(before);
});

test("a member who was invited may read; to write, propose or vote he must first be active", async () => {
  const carol = place.stranger("carol");
  await agree([alice, bob], setMember({ certificate: carol.certificate, memberData: {} }));
  const open = await alice.propose({ name: "trigger_ledger_chunk", args: null });
  const before = await stateSeenBy(alice);

  expect(await carol.getContract("agreed")).toMatchObject({ state: "Accepted" });
  expect(await carol.call("GET", "/app/contracts")).toMatchObject({ status: 200 });
  expect(await carol.call("PUT", "/app/contracts/hers", { data: 1 })).toMatchObject(refusal(403, "CallerNotAuthorized"));
  expect(await carol.call("PUT", "/app/contracts/agreed", "{")).toMatchObject(refusal(403, "CallerNotAuthorized"));
  await expect(carol.propose(setContract("hers"))).rejects.toMatchObject({ status: 401 });
  await expect(carol.accept(open)).rejects.toMatchObject({ status: 401 });
  expect(await stateSeenBy(alice)).toEqual(before);

  await carol.activate();
  expect(await carol.call("PUT", "/app/contracts/hers", { data: 1 })).toMatchObject({ status: 200 });
  await agree([alice, bob, carol], { name: "remove_member", args: { member_id: carol.id } });
});

test("a member who was removed is nobody any more, also on a connection that was open before", async () => {
  const dave = place.stranger("dave");
  await agree([alice, bob], setMember({ certificate: dave.certificate, memberData: {} }));
  await dave.activate();
  await dave.putContract("dave-1", { data: 1 });
  await agree([alice, bob, dave], { name: "remove_member", args: { member_id: dave.id } });

  const before = await stateSeenBy(alice);
  expect(await dave.call("GET", "/app/contracts/dave-1")).toMatchObject(unknown);
  expect(await dave.call("PUT", "/app/contracts/dave-2", { data: 1 })).toMatchObject(unknown);
  await expect(dave.propose(setContract("dave-3"))).rejects.toMatchObject({ status: 401 });
  expect(await stateSeenBy(alice)).toEqual(before);
  expect(await alice.getContract("dave-1")).toMatchObject({ state: "Draft", data: 1 });
});

test("a user reads contracts and neither writes nor decides; once removed he is nobody", async () => {
  const user = place.stranger("ursula");
  await agree([alice, bob], { name: "set_user", args: { cert: user.certificate } });
  const before = await stateSeenBy(alice);

  for (const method of ["GET", "POST"] as const) {
    expect(await user.call(method, "/app/contracts/agreed")).toMatchObject({ status: 200, body: { state: "Accepted" } });
  }
  expect(await user.call("GET", "/app/contracts?state=Accepted")).toMatchObject({ status: 200, body: { value: [{ id: "agreed" }] } });
  expect(await user.call("PUT", "/app/contracts/hers", { data: 1 })).toMatchObject(unknown);
  await expect(user.propose(setContract("hers"))).rejects.toMatchObject({ status: 401 });
  expect(await stateSeenBy(alice)).toEqual(before);

  await agree([alice, bob], { name: "remove_user", args: { user_id: user.id } });
  expect(await user.call("GET", "/app/contracts/agreed")).toMatchObject(unknown);
});
