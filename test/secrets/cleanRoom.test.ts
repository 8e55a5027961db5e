import { afterAll, beforeEach, expect, test } from "vitest";
import { call, refusal, type Answer } from "../support/answer.js";
import { agreedRoom, cleanRoom } from "../support/cleanRoom.js";
import { consortium } from "../support/consortium.js";

const { place, members } = await consortium({ alice: {}, bob: {} }, afterAll, { virtualTee: true });
const { alice, bob } = members;
const room = await agreedRoom(place, [alice, bob], { contractId: "c1" });
await agreedRoom(place, [alice, bob], { contractId: "c2" });

const put = (name: string, body: unknown, contractId = "c1"): Promise<Answer> =>
  call(place.anonymous, "PUT", `/app/contracts/${contractId}/secrets/${name}`, body);

async function released(id: string): Promise<string> {
  const { body } = await call(place.anonymous, "POST", `/app/contracts/c1/secrets/${id}`, room.attested());
  return room.unwrap((body as { value: unknown }).value);
}

const list = async (contractId = "c1") => (await alice.call("GET", `/app/contracts/${contractId}/secrets`)).body;

test("a clean room keeps a secret of its own, which its later runs are given", async () => {
  expect(await put("model", room.signed({ value: "wäights" }))).toMatchObject({ status: 200, body: { secretId: "cleanroom_model" } });
  for (const id of ["cleanroom_model", "cleanroom:model", "cleanroom%3Amodel"]) expect(await released(id)).toBe("wäights");
  expect(await list()).toEqual({ value: [{ secretId: "cleanroom_model" }] });
});

test("members and clean rooms never write each other's secrets, whatever names they choose", async () => {
  await put("a_b", room.signed({ value: "of the clean room" }));
  for (const name of ["a_b", "cleanroom_a_b"]) await alice.call("PUT", `/app/contracts/c1/secrets/${name}`, { value: "of alice" });
  expect(await released("cleanroom_a_b")).toBe("of the clean room");
  expect(await released(`${alice.id}_a_b`)).toBe("of alice");
});

test("a request that is sent again succeeds and changes nothing, so nobody can bring back an older value", async () => {
  const first = room.signed({ value: "first" });
  await put("replayed", first);
  await put("replayed", room.signed({ value: "second" }));
  expect(await put("replayed", first)).toMatchObject({ status: 200, body: { secretId: "cleanroom_replayed" } });
  expect(await released("cleanroom_replayed")).toBe("second");
});

test("a signature for one secret cannot be used for another, nor under another contract", async () => {
  const body = room.signed({ value: "x" });
  await put("meant", body);
  const before = [await list("c1"), await list("c2")];
  expect(await put("other", body)).toMatchObject(refusal(409, "SignatureReused"));
  expect(await put("meant", body, "c2")).toMatchObject(refusal(409, "SignatureReused"));
  expect([await list("c1"), await list("c2")]).toEqual(before);
});

test("what somebody else signs is refused, although he sends evidence of the clean room that he has seen", async () => {
  const { attestation, encrypt } = room.attested();
  const mallory = cleanRoom(place, { contractId: "c1", hostData: "66".repeat(32) });
  const forged = { ...mallory.signed({ value: "planted" }), attestation, encrypt };
  expect(await put("forged", forged)).toMatchObject(refusal(400, "ReportDataMismatch"));
  const { sign } = room.signed({ value: "x" });
  const relabelled = { ...forged, sign: { ...forged.sign, publicKey: sign.publicKey } };
  expect(await put("forged", relabelled)).toMatchObject(refusal(400, "SignatureMismatch"));
  expect(await put("forged", mallory.signed({ value: "planted" }))).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
  expect(JSON.stringify(await list())).not.toContain("forged");
});

let good = room.signed({ value: "x" });
beforeEach(() => {
  good = room.signed({ value: "x" });
});

test.each([
  ["no key to encrypt for", () => ({ ...good, encrypt: undefined }), "EncryptionMissing"],
  ["another platform", () => ({ ...good, platform: "snp-cvm" }), "UnsupportedPlatform"],
  ["no signature", () => ({ ...good, sign: undefined }), "SignatureMismatch"],
  ["a signature of other data", () => ({ ...good, data: Buffer.from('{"value":"y"}').toString("base64") }), "SignatureMismatch"],
  ["no data", () => ({ ...good, data: undefined }), "DataMissing"],
  ["data that are no JSON", () => room.signed("{"), "InvalidInput"],
  ["data that are no object", () => room.signed(["x"]), "InvalidInput"],
  ["no value", () => room.signed({}), "ValueMissing"],
  ["an empty value", () => room.signed({ value: "" }), "ValueMissing"],
  ["a number", () => room.signed({ value: 7 }), "InvalidInput"],
  ["one unit too many", () => room.signed({ value: "x".repeat(25_601) }), "ValueTooLarge"],
  ["a value beside the signed data, and none in them", () => room.signed({}, { value: "planted" }), "ValueMissing"],
])("a clean room that sends %s is refused, and its signature is still unused", async (_, body, code) => {
  const before = await list();
  expect(await put("refused", body())).toMatchObject(refusal(400, code));
  expect(await list()).toEqual(before);
  expect(await put("model", good)).toMatchObject({ status: 200 });
});

test("a value of 25600 units is kept, also in surrogate pairs", async () => {
  for (const value of ["x".repeat(25_600), "😀".repeat(12_800)]) {
    expect(await put("large", room.signed({ value }))).toMatchObject({ status: 200 });
    expect(await released("cleanroom_large")).toBe(value);
  }
});
