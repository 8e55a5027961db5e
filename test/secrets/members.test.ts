import { afterAll, expect, test } from "vitest";
import { setMember } from "../../client/governance/members.js";
import { call, refusal } from "../support/answer.js";
import { consortium } from "../support/consortium.js";
import { agree, setContract } from "../support/party.js";

const { place, members } = await consortium({ alice: {}, bob: {} }, afterAll);
const { alice, bob } = members;
await alice.putContract("drafted", { data: "terms" });
await agree([alice, bob], setContract("accepted"));

const ids = async (contractId: string, query = "") => {
  const { status, body } = await bob.call("GET", `/app/contracts/${contractId}/secrets${query}`);
  expect(status).toBe(200);
  return (body as { value: { secretId: string }[] }).value.map(({ secretId }) => secretId);
};

test("a member keeps secrets for a contract, before and after it is accepted, and is told their ids", async () => {
  for (const contractId of ["drafted", "accepted"]) {
    const answer = await alice.call("PUT", `/app/contracts/${contractId}/secrets/key`, { value: "s3cret" });
    expect(answer).toMatchObject({ status: 200, body: { secretId: `${alice.id}:key` } });
    expect(await ids(contractId)).toEqual([`${alice.id}:key`]);
  }
});

test("members who choose the same name keep two secrets, and writing one again leaves one", async () => {
  for (const member of [alice, bob, alice]) {
    const answer = await member.call("PUT", "/app/contracts/drafted/secrets/shared_name", { value: "x" });
    expect(answer).toMatchObject({ status: 200, body: { secretId: `${member.id}:shared_name` } });
  }
  expect(await ids("drafted")).toEqual([`${alice.id}:key`, ...[alice, bob].map(({ id }) => `${id}:shared_name`)].sort());
});

test("the list names the secrets and tells no value; it can be read in pages", async () => {
  const { body } = await bob.call("GET", "/app/contracts/drafted/secrets");
  expect(JSON.stringify(body)).not.toContain("s3cret");
  const all = await ids("drafted");
  const first = await bob.call("GET", "/app/contracts/drafted/secrets?limit=1");
  const { nextLink } = first.body as { nextLink: string };
  expect(first.body).toEqual({ value: [{ secretId: all[0] }], nextLink });
  const rest = await bob.call("GET", nextLink.replace("limit=1", "limit=99"));
  expect(rest.body).toEqual({ value: all.slice(1).map((secretId) => ({ secretId })) });
});

test("a contract that there is not has no secrets, and nobody can make it have some", async () => {
  const answer = await alice.call("PUT", "/app/contracts/nowhere/secrets/key", { value: "x" });
  expect(answer).toMatchObject(refusal(404, "ContractNotFound"));
  expect(await ids("nowhere")).toEqual([]);
});

test.each([
  ["no value", {}, "ValueMissing"],
  ["null", { value: null }, "ValueMissing"],
  ["an empty value", { value: "" }, "ValueMissing"],
  ["a number, however large", { value: 1e300 }, "InvalidInput"],
  ["an object", { value: { length: 1 } }, "InvalidInput"],
  ["a list", { value: ["x"] }, "InvalidInput"],
  ["half of a surrogate pair, which has no UTF-8", '{"value": "x\\ud83d"}', "InvalidInput"],
  ["what CCF would cut off at NUL", { value: "x\0y" }, "InvalidInput"],
  ["one unit too many", { value: "x".repeat(25_601) }, "ValueTooLarge"],
  ["one unit too many, in surrogate pairs", { value: `x${"😀".repeat(12_800)}` }, "ValueTooLarge"],
])("a secret is a text of 1 to 25600 UTF-16 units that can be released as UTF-8, not %s", async (_, body, code) => {
  const before = await ids("drafted");
  expect(await alice.call("PUT", "/app/contracts/drafted/secrets/wrong", body)).toMatchObject(refusal(400, code));
  expect(await ids("drafted")).toEqual(before);
});

test.each(["key%20one", "key:one", "_key", "a".repeat(129)])("%s is no name of a secret", async (name) => {
  const refused = refusal(400, "InvalidInput", expect.stringContaining("path/secretName"));
  expect(await alice.call("PUT", `/app/contracts/drafted/secrets/${name}`, { value: "x" })).toMatchObject(refused);
});

test("a caller whom nobody knows is told so, instead of being asked for evidence", async () => {
  const unknown = refusal(401, "InvalidAuthenticationInfo");
  for (const caller of [place.stranger("mallory").session.transport, place.anonymous]) {
    for (const body of [{ value: "x" }, {}, { attestation: null }])
      expect(await call(caller, "PUT", "/app/contracts/drafted/secrets/key", body)).toMatchObject(unknown);
    expect(await call(caller, "GET", "/app/contracts/drafted/secrets")).toMatchObject(unknown);
  }
});

test("a member who was only invited sees the list, and keeps no secrets until he is active", async () => {
  const carol = place.stranger("carol");
  await agree([alice, bob], setMember({ certificate: carol.certificate, memberData: {} }));
  const put = () => carol.call("PUT", "/app/contracts/drafted/secrets/hers", { value: "x" });
  expect(await carol.call("GET", "/app/contracts/drafted/secrets")).toMatchObject({ status: 200 });
  expect(await put()).toMatchObject(refusal(403, "CallerNotAuthorized"));
  await carol.activate();
  expect(await put()).toMatchObject({ status: 200 });
});
