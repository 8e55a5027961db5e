import { afterAll, describe, expect, test } from "vitest";
import { call, refusal, type Answer } from "../support/answer.js";
import { cleanRoom } from "../support/cleanRoom.js";
import { consortium } from "../support/consortium.js";
import { agree, setContract } from "../support/party.js";
import { disabledBy, enabled, statusOf, turn } from "./statuses.js";

const { place, members } = await consortium({ alice: {}, bob: {} }, afterAll, { virtualTee: true });
const { alice, bob } = members;
const room = cleanRoom(place, { contractId: "agreed" });
const other = cleanRoom(place, { contractId: "agreed", hostData: "ab".repeat(32) });
await agree([alice, bob], setContract("agreed"), setContract("lawless"));
await agree([alice, bob], room.setPolicy);

const SPELLINGS = [
  { spelling: "POST /contracts/{contractId}/consentcheck/{option}", path: (option: string) => `consentcheck/${option}` },
  { spelling: "POST /contracts/{contractId}/runtimeoptions/{option}/status", path: (option: string) => `runtimeoptions/${option}/status` },
];
const url = (path: string, contractId = "agreed") => `/app/contracts/${contractId}/${path}`;

describe.each(SPELLINGS)("$spelling", ({ path }) => {
  const ask = (body: unknown, option = "execution", contractId = "agreed"): Promise<Answer> =>
    call(place.anonymous, "POST", url(path(option), contractId), body);

  test("tells a clean room by its evidence alone what members are told", async () => {
    const { attestation } = room;
    for (const option of ["execution", "logging", "telemetry"] as const) {
      expect(await ask({ attestation }, option)).toMatchObject({ status: 200, body: await statusOf(alice, "agreed", option) });
    }
    expect(await ask({ attestation, platform: "snp-caci" })).toMatchObject({ status: 200, body: enabled });
    expect(await ask({ attestation, platform: "", encrypt: null })).toMatchObject({ status: 200, body: enabled });
    expect(await ask(room.attested())).toMatchObject({ status: 200, body: enabled });
  });

  test("tells that members have disabled the execution, and which, as soon as they have", async () => {
    await turn(bob, "agreed", "disable");
    expect(await ask({ attestation: room.attestation })).toMatchObject({ status: 200, body: disabledBy(bob) });
    await turn(bob, "agreed", "enable");
    expect(await ask({ attestation: room.attestation })).toMatchObject({ status: 200, body: enabled });
  });

  test("tells what the members have agreed on logging and telemetry, and what they are still to decide", async () => {
    const action = (verb: string, option: string) => ({
      name: `set_contract_runtime_options_${verb}_${option}`,
      args: { contractId: "agreed" },
    });
    for (const option of ["logging", "telemetry"] as const) {
      await agree([alice, bob], action("enable", option));
      expect(await ask({ attestation: room.attestation }, option)).toMatchObject({ status: 200, body: { status: "enabled" } });
      await agree([alice, bob], action("disable", option));
      const { proposalId } = await alice.propose(action("enable", option));
      const body = { status: "disabled", proposalIds: [proposalId] };
      expect(await ask({ attestation: room.attestation }, option)).toMatchObject({ status: 200, body });
      await alice.withdraw({ proposalId });
    }
  });

  test.each([
    ["no evidence", {}, "AttestationMissing"],
    ["null as evidence", { attestation: null }, "AttestationMissing"],
    ["another platform than the service verifies", { attestation: room.attestation, platform: "snp-cvm" }, "UnsupportedPlatform"],
    ["evidence of other software than the policy lets in", { attestation: other.attestation }, "VerifySnpAttestationFailed"],
    ["no endorsements", { attestation: { evidence: room.attestation.evidence } }, "VerifySnpAttestationFailed"],
    ["a text as evidence", { attestation: "evidence" }, "VerifySnpAttestationFailed"],
    ["a number as platform", { attestation: room.attestation, platform: 1 }, "InvalidInput"],
    ["a list", [], "InvalidInput"],
    ["what is not JSON", "{", "InvalidInput"],
  ])("refuses %s", async (_what, body, code) => {
    expect(await ask(body)).toMatchObject(refusal(400, code));
  });

  test("refuses evidence where the members have agreed on no policy, or on no contract", async () => {
    for (const contractId of ["lawless", "unknown"]) {
      const answer = await ask({ attestation: room.attestation }, "execution", contractId);
      expect(answer).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
    }
  });
});

describe("POST /contracts/{contractId}/runtimeoptions/{option}/status", () => {
  const path = url("runtimeoptions/execution/status");
  const lost = refusal(401, "InvalidAuthenticationInfo");

  test("tells a caller whose certificate the service does not know that he is not known, when he sends no evidence", async () => {
    expect(await place.stranger("mallory").call("POST", path)).toMatchObject(lost);
    expect(await call(place.anonymous, "POST", path)).toMatchObject(lost);
    expect(await call(place.anonymous, "POST", url("runtimeoptions/nothing/status"))).toMatchObject(lost);
  });

  test("tells a caller with a token that he is not known", async () => {
    for (const body of ["", "{}", JSON.stringify({ attestation: room.attestation })]) {
      const headers = { authorization: "Bearer x.y.z", "content-type": "application/json" };
      const { status, body: answer = "" } = await place.service.request({ method: "POST", url: path, headers, body });
      expect({ status, body: JSON.parse(Buffer.from(answer).toString("utf8")) as unknown }).toMatchObject(lost);
    }
  });

  test("takes the evidence of a caller whose certificate the service does not know", async () => {
    const answer = await place.stranger("mallory").call("POST", path, { attestation: room.attestation });
    expect(answer).toMatchObject({ status: 200, body: enabled });
  });

  test("names no option to callers before it knows them", async () => {
    const nothing = url("runtimeoptions/nothing/status");
    expect(await call(place.anonymous, "POST", nothing, {})).toMatchObject(refusal(400, "AttestationMissing"));
    const forged = await call(place.anonymous, "POST", nothing, { attestation: other.attestation });
    expect(forged).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
    const genuine = await call(place.anonymous, "POST", nothing, { attestation: room.attestation });
    expect(genuine).toMatchObject(refusal(400, "InvalidOption"));
    expect(await alice.call("POST", nothing)).toMatchObject(refusal(400, "InvalidOption"));
  });
});

test("consent checks of the older generation are for clean rooms: a member's certificate does not replace the evidence", async () => {
  expect(await alice.call("POST", url("consentcheck/execution"), {})).toMatchObject(refusal(400, "AttestationMissing"));
  expect(await alice.call("POST", url("consentcheck/execution"))).toMatchObject(refusal(400, "InvalidInput"));
});
