import { afterAll, describe, expect, test } from "vitest";
import { call, refusal, type Answer } from "../support/answer.js";
import { agreedRoom, cleanRoom, newKey } from "../support/cleanRoom.js";
import { consortium } from "../support/consortium.js";

const { place, members } = await consortium({ alice: {}, bob: {} }, afterAll, { virtualTee: true });
const { alice, bob } = members;

const room = await agreedRoom(place, [alice, bob], { contractId: "c1", hostData: "11".repeat(32) });
const another = await agreedRoom(place, [alice, bob], { contractId: "c2", hostData: "22".repeat(32) });

const secretsOf = (contractId: string) => `/app/contracts/${contractId}/secrets`;

async function keep(name: string, value: string, contractId = "c1"): Promise<string> {
  const { body } = await alice.call("PUT", `${secretsOf(contractId)}/${name}`, { value });
  return (body as { secretId: string }).secretId;
}

const ask = (id: string, body: unknown, contractId = "c1"): Promise<Answer> =>
  call(place.anonymous, "POST", `${secretsOf(contractId)}/${id}`, body);

const valueIn = ({ status, body }: Answer): unknown => {
  expect(status).toBe(200);
  return (body as { value: unknown }).value;
};

const key = await keep("key", "s3cret");

describe("a clean room of the contract", () => {
  test.each(["pem", "base64"] as const)(
    "is given a secret that only it can read, when its report binds the %s of its key",
    async (digestOf) => {
      const asking = cleanRoom(place, { contractId: "c1", hostData: room.hostData, digestOf });
      const value = valueIn(await ask(key, asking.attested()));
      expect(asking.unwrap(value)).toBe("s3cret");
      expect(() => room.unwrap(value)).toThrow(/./);
      expect(Buffer.from(String(value), "base64").includes("s3cret")).toBe(false);
    },
  );

  test.each([
    ["of the older generation", ":"],
    ["of the newer generation", "_"],
    ["with an encoded colon", "%3A"],
    ["with another encoded colon", "%3a"],
  ])("names a member's secret by an id %s", async (_, separator) => {
    expect(room.unwrap(valueIn(await ask(`${alice.id}${separator}key`, room.attested())))).toBe("s3cret");
  });

  test.each([
    ["one letter", "x"],
    ["25600 units", "x".repeat(25_600)],
    ["25600 units in surrogate pairs", "😀".repeat(12_800)],
    ["every kind of character", '\ufeffä\u0001\u001f\u2028\ufeff\uffff😀"\\/{}'],
    ["what looks like JSON", '{"value":1}'],
  ])("reads %s as it was written", async (_, value) => {
    const id = await keep("text", value);
    expect(room.unwrap(valueIn(await ask(id, room.attested())))).toBe(value);
  });

  test("is given what was written last", async () => {
    const id = await keep("rotated", "old");
    await keep("rotated", "new");
    expect(room.unwrap(valueIn(await ask(id, room.attested())))).toBe("new");
  });

  test("is told when there is no such secret, whatever the id looks like", async () => {
    const missing = refusal(404, "SecretNotFound");
    for (const id of [`${bob.id}:key`, `${alice.id}:kez`, `${alice.id}key`, "key", "cleanroom_key", `${alice.id}:`, alice.id]) {
      expect(await ask(id, room.attested())).toMatchObject(missing);
    }
  });

  test("is given nothing while a member has disabled the execution of the contract", async () => {
    expect(await bob.call("POST", "/app/contracts/c1/disable")).toMatchObject({ status: 200 });
    expect(await ask(key, room.attested())).toMatchObject(refusal(403, "ContractDisabled"));
    expect(await ask("nothing", room.attested())).toMatchObject(refusal(403, "ContractDisabled"));
    expect(await bob.call("POST", "/app/contracts/c1/enable")).toMatchObject({ status: 200 });
    expect(room.unwrap(valueIn(await ask(key, room.attested())))).toBe("s3cret");
  });
});

test("the clean room of another contract is given nothing, under whichever contract it asks", async () => {
  expect(await ask(key, another.attested())).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
  expect(await ask(key, another.attested(), "c2")).toMatchObject(refusal(404, "SecretNotFound"));
  await keep("key", "of c2", "c2");
  expect(another.unwrap(valueIn(await ask(key, another.attested(), "c2")))).toBe("of c2");
});

describe("a clean room that the one of the contract has let in for one secret", () => {
  const helper = cleanRoom(place, { contractId: "c1", hostData: "33".repeat(32) });
  const admit = (id: string) =>
    call(
      place.anonymous,
      "PUT",
      `/app/contracts/c1/cleanroompolicy/delegates/secrets/${id}`,
      room.signed({ type: "add", claims: helper.policy }),
    );

  test.each([
    [":", "_"],
    ["_", ":"],
    ["%3A", ":"],
  ])("is given this secret and no other, admitted by an id with %s and asking with %s", async (admitted, asked) => {
    const name = `shared${admitted.length}${asked.charCodeAt(0)}`;
    const id = await keep(name, "for both");
    expect(await ask(id, helper.attested())).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
    expect(await admit(id.replace(":", admitted))).toMatchObject({ status: 200 });
    expect(helper.unwrap(valueIn(await ask(id.replace(":", asked), helper.attested())))).toBe("for both");
    expect(room.unwrap(valueIn(await ask(id, room.attested())))).toBe("for both");
    expect(await ask(key, helper.attested())).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
    expect(await ask(id, helper.attested(), "c2")).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
  });

  test("cannot write secrets of the contract", async () => {
    const answer = await call(place.anonymous, "PUT", `${secretsOf("c1")}/planted`, helper.signed({ value: "x" }));
    expect(answer).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
  });
});

test("evidence that was seen is of no use to somebody with a key of his own", async () => {
  const mallory = cleanRoom(place, { contractId: "c1", key: newKey() });
  const stolen = { ...room.attested(), encrypt: { publicKey: mallory.publicKey } };
  expect(await ask(key, stolen)).toMatchObject(refusal(400, "ReportDataMismatch"));
});

test("without complete evidence nobody learns which secrets there are", async () => {
  const { attestation, encrypt } = room.attested();
  for (const id of [key, "nothing"]) {
    expect(await ask(id, {})).toMatchObject(refusal(400, "AttestationMissing"));
    expect(await ask(id, { encrypt })).toMatchObject(refusal(400, "AttestationMissing"));
    expect(await ask(id, { attestation })).toMatchObject(refusal(400, "EncryptionMissing"));
    expect(await ask(id, { attestation, encrypt, platform: "snp-cvm" })).toMatchObject(refusal(400, "UnsupportedPlatform"));
    expect(await ask(id, { attestation: {}, encrypt })).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
    expect(await ask(id, room.attested(), "nowhere")).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
  }
});

test("members are given no values, not even of their own secrets", async () => {
  expect(await alice.call("POST", `${secretsOf("c1")}/${key}`, {})).toMatchObject(refusal(400, "AttestationMissing"));
  expect(await alice.call("GET", `${secretsOf("c1")}/${key}`)).toMatchObject(refusal(405, "UnsupportedHttpVerb"));
});
