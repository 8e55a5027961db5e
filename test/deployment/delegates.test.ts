import { afterAll, afterEach, describe, expect, test } from "vitest";
import { probed } from "../attestation/place.js";
import { refusal } from "../support/answer.js";
import { cleanRoom, type CleanRoom } from "../support/cleanRoom.js";

const { place, members, call, contract } = await probed(afterAll);
const { alice } = members;

const HOST = "x-ms-sevsnpvm-hostdata";
const DEBUG = "x-ms-sevsnpvm-is-debuggable";
const MEASUREMENT = "x-ms-sevsnpvm-launchmeasurement";

const room = cleanRoom(place, { contractId: "c1" });
const guest = cleanRoom(place, { contractId: "c1", hostData: "7".repeat(64) });
await contract("c1", room.policy);
await contract("c1-secrets", { [HOST]: "8".repeat(64) });

const at = (type: string, id: string, contractId = "c1") => `/app/contracts/${contractId}/cleanroompolicy/delegates/${type}/${id}`;
const put = (type: string, id: string, change: unknown, by: CleanRoom = room) => call("PUT", at(type, id), by.signed(change));
const read = async (type: string, id: string) => (await alice.call("POST", at(type, id))).body;
const list = async (contractId = "c1") => (await alice.call("GET", `/app/contracts/${contractId}/cleanroompolicy/delegates`)).body;
const enter = (type: string, id: string, by: CleanRoom) => call("POST", `/app/probes/c1/room?type=${type}&id=${id}`, by.attested());
const refused = refusal(400, "VerifySnpAttestationFailed");

describe("a delegate", () => {
  test("lets a clean room with other claims in for one purpose alone, as long as it stands", async () => {
    expect(await enter("secrets", "s1", guest)).toMatchObject(refused);
    expect(await put("secrets", "s1", { type: "add", claims: guest.policy, policyType: "snp-caci" })).toMatchObject({ status: 200 });

    expect(await enter("secrets", "s1", guest)).toMatchObject({ status: 200, body: { publicKey: guest.publicKeyPem } });
    expect(await enter("secrets", "s1", room)).toMatchObject({ status: 200 });
    for (const [type, id] of [
      ["secrets", "s2"],
      ["secrets", "s"],
      ["secret", "s1"],
      ["events", "writer"],
    ] as const) {
      // prettier-ignore
      expect(await enter(type, id, guest)).toMatchObject(refused);
    }
    expect(await call("POST", "/app/probes/c1/room", guest.attested())).toMatchObject(refused);
    expect(await call("POST", "/app/probes/c1-secrets/room?type=secrets&id=s1", guest.attested())).toMatchObject(refused);

    expect(await put("secrets", "s1", { type: "remove", claims: guest.policy })).toMatchObject({ status: 200 });
    expect(await enter("secrets", "s1", guest)).toMatchObject(refused);
  });

  test("may not let in others itself: only clean rooms of the contract may", async () => {
    await put("secrets", "s3", { type: "add", claims: guest.policy });
    const change = { type: "add", claims: { [HOST]: "9".repeat(64) } };
    expect(await put("secrets", "s3", change, guest)).toMatchObject(refused);
    expect(await read("secrets", "s3")).toEqual({ claims: { [HOST]: [guest.hostData], [DEBUG]: [false] } });
    await put("secrets", "s3", { type: "remove", claims: guest.policy });
  });

  test("must have its launch measurement endorsed, unless the delegate's claims name it", async () => {
    const measurement = Buffer.alloc(48, 3);
    const bare = cleanRoom(place, { contractId: "c1", hostData: guest.hostData, report: { measurement, uvm: false } });
    await put("secrets", "s4", { type: "add", claims: guest.policy });
    expect(await enter("secrets", "s4", bare)).toMatchObject(refused);
    await put("secrets", "s4", { type: "add", claims: { [MEASUREMENT]: measurement.toString("hex") } });
    expect(await enter("secrets", "s4", bare)).toMatchObject({ status: 200 });
    expect(await enter("secrets", "s4", guest)).toMatchObject(refused);
    const all = { ...guest.policy, [MEASUREMENT]: measurement.toString("hex") };
    expect(await put("secrets", "s4", { type: "remove", claims: all })).toMatchObject({ status: 200 });
  });

  test("is read, listed, changed, and forgotten with its last claim (24.1 no. 16)", async () => {
    expect(await read("t", "i")).toEqual({ claims: {} });
    expect(await list()).toEqual({ value: [] });
    const [h1, h2] = ["1".repeat(64), "2".repeat(64)];

    expect(await put("t", "i", { type: "add", claims: { [HOST]: [h1, h2, h1], [DEBUG]: false } })).toEqual(
      expect.objectContaining({ status: 200, body: undefined }),
    );
    await put("t", "a~b", { type: "add", claims: { [HOST]: h1 } });
    await put("t", "i", { type: "add", claims: { [HOST]: h2, [DEBUG]: [true] } });
    expect(await read("t", "i")).toEqual({ claims: { [HOST]: [h1, h2], [DEBUG]: [true] } });
    expect(await list()).toEqual({ value: [{ delegateType: "t", delegateId: "a~b" }, { delegateType: "t", delegateId: "i" }] }); // prettier-ignore
    expect(await list("c1-secrets")).toEqual({ value: [] });

    await put("t", "i", { type: "remove", claims: { [HOST]: h1, [DEBUG]: true } });
    expect(await read("t", "i")).toEqual({ claims: { [HOST]: [h2] } });
    await put("t", "i", { type: "remove", claims: { [HOST]: [h2] } });
    await put("t", "a~b", { type: "remove", claims: { [HOST]: [h1] } });
    expect(await read("t", "i")).toEqual({ claims: {} });
    expect(await list()).toEqual({ value: [] });
  });

  test("never shares its key with another, whatever the ids are (24.2 no. 18)", async () => {
    const claims = { [HOST]: "3".repeat(64) };
    expect(await put("secrets_a", "b:c", { type: "add", claims })).toMatchObject({ status: 200 });
    for (const [type, id] of [
      ["secrets", "a_b:c"],
      ["secrets_a", "b"],
      ["secrets_a", "c"],
    ] as const) {
      // prettier-ignore
      expect(await read(type, id)).toEqual({ claims: {} });
    }
    expect(await alice.call("POST", at("secrets_a", "b:c", "c1-secrets"))).toMatchObject({ body: { claims: {} } });
    expect(await read("secrets_a", "b%3ac")).toEqual({ claims: { [HOST]: ["3".repeat(64)] } });
    expect(await list()).toEqual({ value: [{ delegateType: "secrets_a", delegateId: "b:c" }] });
    expect(await put("secrets_a", "b%3Ac", { type: "remove", claims })).toMatchObject({ status: 200 });
  });

  test("is not brought back by an old request, nor removed twice by one", async () => {
    const added = room.signed({ type: "add", claims: guest.policy });
    const removed = room.signed({ type: "remove", claims: guest.policy });
    const address = at("secrets", "s5");
    for (const body of [added, removed, added, removed]) expect(await call("PUT", address, body)).toMatchObject({ status: 200 });
    expect(await read("secrets", "s5")).toEqual({ claims: {} });
    expect(await call("PUT", at("secrets", "s6"), added)).toMatchObject(refusal(409, "SignatureReused"));
    expect(await call("PUT", at("secrets", "s6"), removed)).toMatchObject(refusal(409, "SignatureReused"));
  });
});

describe("a change of a delegate is refused (24.1 no. 12, 24.8 no. 80)", () => {
  afterEach(async () => {
    expect(await list(), "what was refused has changed something").toEqual({ value: [] });
  });

  const claims = guest.policy;
  test.each<[string, unknown, unknown]>([
    ["that is no object", "[]", "data must be object"],
    ["of an unknown type", { type: "replace", claims }, expect.stringMatching(/^data\/type must be equal/)],
    ["without a type", { claims }, "data must have required property 'type'"],
    ["without claims", { type: "add" }, "data must have required property 'claims'"],
    ["with no claims", { type: "add", claims: {} }, expect.stringMatching(/^data\/claims must NOT have fewer/)],
    ["with a list of claims", { type: "add", claims: [] }, "data/claims must be object"],
    ["of another platform", { type: "add", claims, policyType: "snp-cvm" }, expect.stringMatching(/^data\/policyType /)],
    ["for tokens", { type: "add", claims, policyType: "jwt" }, expect.stringMatching(/^data\/policyType /)],
    ["with a claim that evidence does not carry", { type: "add", claims: { ...claims, "x-ms-compliance-status": "a" } }, expect.anything()],
    [
      "with an inherited name",
      '{"type":"add","claims":{"constructor":"a"}}',
      expect.stringMatching(/^data: claims.constructor is not a claim/),
    ],
    [
      "with the name of a prototype",
      '{"type":"add","claims":{"__proto__":"a"}}',
      expect.stringMatching(/^data: claims.__proto__ is not a claim/),
    ],
    ["with a value of the wrong type", { type: "add", claims: { ...claims, [DEBUG]: "false" } }, expect.anything()],
    ["with a list in a list", { type: "add", claims: { [HOST]: [["1".repeat(64)]] } }, expect.anything()],
    [
      "that would let in any software",
      { type: "add", claims: { [DEBUG]: false } },
      expect.stringMatching(/^data: the policy would let in any software: it must name /),
    ],
    ["that removes what is not there", { type: "remove", claims }, expect.stringMatching(/that is to be removed$/)],
  ])("%s", async (_what, change, message) => {
    expect(await put("t", "i", change)).toMatchObject(refusal(400, "InvalidInput", message));
  });

  test.each([
    ["a type with a colon", "a:b", "i", "path/delegateType"],
    ["a type that begins with a dot", ".a", "i", "path/delegateType"],
    ["an id with an encoded letter", "t", "%61", "path/delegateId"],
    ["an id with a slash", "t", "a%2Fb", "path/delegateId"],
    ["an id of 256 characters", "t", "a".repeat(256), "path/delegateId"],
    ["an id that begins with a colon", "t", ":a", "path/delegateId"],
  ])("at %s, and so is reading it", async (_what, type, id, where) => {
    const answer = refusal(400, "InvalidInput", expect.stringMatching(new RegExp(`^${where} must match`)));
    expect(await put(type, id, { type: "add", claims })).toMatchObject(answer);
    expect(await alice.call("POST", at(type, id))).toMatchObject(answer);
  });

  test("without evidence, key or signature", async () => {
    const body = room.signed({ type: "add", claims });
    const cases = [
      [{ attestation: undefined }, refusal(400, "AttestationMissing")],
      [{ encrypt: undefined }, refusal(400, "EncryptionMissing")],
      [{ sign: undefined }, refusal(400, "SignatureMismatch")],
      [{ data: undefined }, refusal(400, "DataMissing")],
      [{ platform: "snp-cvm" }, refusal(400, "UnsupportedPlatform")],
    ] as const;
    for (const [change, answer] of cases) expect(await call("PUT", at("t", "i"), { ...body, ...change })).toMatchObject(answer);
    expect(await alice.call("PUT", at("t", "i"), {})).toMatchObject(refusal(400, "AttestationMissing"));
  });
});

test("delegates are shown to members alone", async () => {
  for (const answer of [await call("POST", at("t", "i")), await call("GET", "/app/contracts/c1/cleanroompolicy/delegates")]) {
    expect(answer).toMatchObject(refusal(401, "InvalidAuthenticationInfo"));
  }
});
