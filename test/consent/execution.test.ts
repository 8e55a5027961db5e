import { afterAll, describe, expect, test } from "vitest";
import { setMember } from "../../client/governance/members.js";
import type { Action } from "../../client/governance/proposal.js";
import { refusal } from "../support/answer.js";
import { consortium } from "../support/consortium.js";
import { agree, setContract, type Party } from "../support/party.js";
import { disabledBy, enabled, notAccepted, SPELLINGS, statusOf, turn } from "./statuses.js";

const { place, members } = await consortium({ alice: {}, bob: {}, oscar: { isOperator: true } }, afterAll);
const { alice, bob, oscar } = members;
await alice.putContract("drafted", { data: "terms" });
const executionOf = (contractId: string, party: Party = alice) => statusOf(party, contractId, "execution");

let contracts = 0;
/** A contract that both have accepted. */
async function agreed(): Promise<string> {
  const id = `contract-${++contracts}`;
  await agree([alice, bob], setContract(id));
  return id;
}

const setData = (member: Party, member_data: unknown): Action => ({ name: "set_member_data", args: { member_id: member.id, member_data } });
const remove = (member: Party): Action => ({ name: "remove_member", args: { member_id: member.id } });

async function joined(name: string): Promise<Party> {
  const party = place.stranger(name);
  await agree([alice, bob], setMember({ certificate: party.certificate, memberData: {} }));
  await party.activate();
  return party;
}

describe.each(SPELLINGS)("POST /contracts/{contractId}/%senable and disable", (spelling) => {
  test("a contract that is not accepted does not run, and nobody can make it", async () => {
    for (const id of ["drafted", "unknown"]) {
      for (const to of ["enable", "disable"] as const) {
        expect(await turn(alice, id, to, spelling)).toMatchObject(refusal(400, "ContractNotAccepted"));
      }
      expect(await executionOf(id)).toEqual(notAccepted);
    }
  });

  test("an accepted contract runs until a member disables it, and again once he enables it", async () => {
    const id = await agreed();
    const other = await agreed();
    expect(await executionOf(id)).toEqual(enabled);
    const answer = await turn(alice, id, "disable", spelling);
    expect(answer).toMatchObject({ status: 200, body: undefined, transactionId: expect.stringMatching(/^\d+\.\d+$/) as unknown });
    expect(await executionOf(id)).toEqual(disabledBy(alice));
    expect(await executionOf(id, bob)).toEqual(disabledBy(alice));
    expect(await executionOf(other)).toEqual(enabled);
    expect(await turn(alice, id, "enable", spelling)).toMatchObject({ status: 200, body: undefined });
    expect(await executionOf(id)).toEqual(enabled);
  });

  test("each member owns his own objection: a contract runs again when the last one is taken back", async () => {
    const id = await agreed();
    await turn(alice, id, "disable", spelling);
    await turn(bob, id, "disable", spelling);
    expect(await executionOf(id)).toEqual(disabledBy(alice, bob));
    await turn(alice, id, "enable", spelling);
    await turn(alice, id, "enable", spelling);
    expect(await executionOf(id)).toEqual(disabledBy(bob));
    await turn(bob, id, "enable", spelling);
    expect(await executionOf(id)).toEqual(enabled);
  });

  test("a member with an operator role can neither stop a contract nor let it run", async () => {
    const id = await agreed();
    const hasNoSay = refusal(403, "CallerNotAuthorized", expect.stringContaining("operator role"));
    expect(await turn(oscar, id, "disable", spelling)).toMatchObject(hasNoSay);
    expect(await executionOf(id)).toEqual(enabled);
    expect(await executionOf(id, oscar)).toEqual(enabled);
    await turn(bob, id, "disable", spelling);
    expect(await turn(oscar, id, "enable", spelling)).toMatchObject(hasNoSay);
    expect(await turn(oscar, "unknown", "disable", spelling)).toMatchObject(hasNoSay);
    expect(await executionOf(id)).toEqual(disabledBy(bob));
  });

  test("a member who was invited may ask, not act; a user likewise", async () => {
    const id = await agreed();
    const [invited, user] = [place.stranger("invited"), place.stranger("user")];
    await agree([alice, bob], setMember({ certificate: invited.certificate, memberData: {} }));
    await agree([alice, bob], { name: "set_user", args: { cert: user.certificate } });
    expect(await turn(invited, id, "disable", spelling)).toMatchObject(refusal(403, "CallerNotAuthorized", "The member is not active."));
    expect(await turn(user, id, "disable", spelling)).toMatchObject(refusal(401, "InvalidAuthenticationInfo"));
    for (const party of [invited, user]) expect(await executionOf(id, party)).toEqual(enabled);
    await agree([alice, bob], remove(invited), { name: "remove_user", args: { user_id: user.id } });
  });
});

test("what one spelling disables the other enables", async () => {
  const id = await agreed();
  await turn(alice, id, "disable", "");
  await turn(alice, id, "enable", "runtimeoptions/execution/");
  expect(await executionOf(id)).toEqual(enabled);
});

test("the objection of a member who was removed no longer counts", async () => {
  const id = await agreed();
  const dave = await joined("dave");
  await turn(dave, id, "disable");
  await turn(alice, id, "disable");
  expect(await executionOf(id)).toEqual(disabledBy(alice, dave));
  await agree([alice, bob, dave], remove(dave));
  expect(await executionOf(id)).toEqual(disabledBy(alice));
  await turn(alice, id, "enable");
  expect(await executionOf(id)).toEqual(enabled);
});

test("the objection of a member who was given an operator role does not count while he holds it", async () => {
  const id = await agreed();
  const erin = await joined("erin");
  await turn(erin, id, "disable");
  for (const role of [
    { isOperator: true },
    { isRecoveryOperator: "true" },
    { cgsRoles: { cgsOperator: "true" } },
    { cgsRoles: { contractOperator: "true" } },
  ]) {
    await agree([alice, bob, erin], setData(erin, role));
    expect(await executionOf(id)).toEqual(enabled);
    expect(await turn(erin, id, "disable")).toMatchObject(refusal(403, "CallerNotAuthorized"));
    await agree([alice, bob], setData(erin, {}));
    expect(await executionOf(id)).toEqual(disabledBy(erin));
  }
  await agree([alice, bob, erin], remove(erin));
});

test("the objection of a member whose entry is renewed counts before he is active again", async () => {
  const id = await agreed();
  const frank = await joined("frank");
  await turn(frank, id, "disable");
  await agree([alice, bob, frank], setMember({ certificate: frank.certificate, memberData: {} }));
  expect(await turn(frank, id, "enable")).toMatchObject(refusal(403, "CallerNotAuthorized"));
  expect(await executionOf(id)).toEqual(disabledBy(frank));
  await agree([alice, bob], remove(frank));
});

test("members switch execution alone: the other options are proposed, and any other name is no option", async () => {
  const id = await agreed();
  for (const to of ["enable", "disable"] as const) {
    for (const option of ["logging", "telemetry"]) {
      const action = `set_contract_runtime_options_${to}_${option}`;
      const answer = await alice.call("POST", `/app/contracts/${id}/runtimeoptions/${option}/${to}`);
      expect(answer).toMatchObject(refusal(400, "InvalidOption", expect.stringContaining(action)));
      expect(await statusOf(alice, id, option as "logging")).toMatchObject({ status: "disabled" });
    }
    for (const option of ["Execution", "toString", "%65xecution", "execution%00", "x".repeat(128)]) {
      const answer = await alice.call("POST", `/app/contracts/${id}/runtimeoptions/${option}/${to}`);
      expect(answer).toMatchObject(refusal(400, "InvalidOption", expect.stringContaining("execution, logging, telemetry")));
    }
  }
  expect(await alice.call("POST", `/app/contracts/${id}/runtimeoptions/nothing/status`)).toMatchObject(refusal(400, "InvalidOption"));
  expect(await executionOf(id)).toEqual(enabled);
});

test("a body has no say in what members ask and do", async () => {
  const id = await agreed();
  const disable = `/app/contracts/${id}/disable`;
  for (const body of ["{", "null", { status: "enabled" }]) expect(await alice.call("POST", disable, body)).toMatchObject({ status: 200 });
  for (const path of ["checkstatus/execution", "runtimeoptions/execution/status"]) {
    const answer = await alice.call("POST", `/app/contracts/${id}/${path}`, '{"attestation": 1');
    expect(answer).toMatchObject({ status: 200, body: disabledBy(alice) });
  }
});
