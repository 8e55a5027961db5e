import { afterAll, expect, test } from "vitest";
import { refusal } from "../support/answer.js";
import { consortium } from "../support/consortium.js";

const { members } = await consortium({ alice: {}, bob: {} }, afterAll);
const { alice, bob } = members;

test("a draft is read by every member, with the transaction that wrote it as its version", async () => {
  const written = await alice.call("PUT", "/app/contracts/written", { data: { text: "one" } });
  expect(written).toMatchObject({ status: 200, body: undefined });
  expect(written.transactionId).toMatch(/^\d+\.\d+$/);
  const draft = { id: "written", state: "Draft", version: written.transactionId, data: { text: "one" }, proposalId: "" };
  expect(await bob.getContract("written")).toEqual(draft);
  expect(await bob.call("POST", "/app/contracts/written", "")).toMatchObject({ status: 200, body: draft });
});

test("a draft keeps its version while other contracts are written", async () => {
  const version = await alice.putContract("kept", { data: "one" });
  await bob.putContract("other", { data: "two" });
  expect(await alice.getContract("kept")).toMatchObject({ version });
});

test("a second editor who read an old version is refused, and nothing changes", async () => {
  const first = await alice.putContract("edited", { data: "first" });
  const second = await alice.putContract("edited", { data: "second", version: first });
  const late = { status: 412, code: "PreconditionFailed" };
  await expect(bob.putContract("edited", { data: "third", version: first })).rejects.toMatchObject(late);
  expect(await bob.getContract("edited")).toMatchObject({ data: "second", version: second });
  expect(second).not.toBe(first);
});

test("an editor who names no version does not overwrite what somebody else wrote", async () => {
  const version = await alice.putContract("taken", { data: "first" });
  for (const body of [{ data: "mine" }, { data: "mine", version: "" }, { data: "mine", version: null }]) {
    expect(await bob.call("PUT", "/app/contracts/taken", body)).toMatchObject(refusal(409, "ContractAlreadyExists"));
  }
  expect(await bob.getContract("taken")).toMatchObject({ data: "first", version });
});

test("of two editors who read the same version and write at once, one succeeds and the other is told", async () => {
  const version = await alice.putContract("raced", { data: "first" });
  const answers = await Promise.all([alice, bob].map((editor) => editor.call("PUT", "/app/contracts/raced", { data: editor.id, version })));
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  const winner = answers[0]?.status === 200 ? alice : bob;
  expect(await alice.getContract("raced")).toMatchObject({ data: winner.id });
});

test("a first draft may name any version, since there is none to overwrite", async () => {
  expect(await alice.call("PUT", "/app/contracts/fresh", { data: "one", version: "99.99" })).toMatchObject({ status: 200 });
});

test.each([
  ["numbers", [0, -0.5, 1e300, 9007199254740991, 1e-7]],
  ["every kind of character", 'ä\u0000\u001f\u2028😀"\\/</script>'],
  ["names that JavaScript knows", JSON.parse('{"__proto__": {"a": 1}, "constructor": 1, "toString": null, "10": 1, "9": 2, "": 3}')],
  ["empty lists and objects", [[], {}, [[]], ""]],
  ["a large text", "x".repeat(900_000)],
  ["true", true],
])("a draft may hold %s, and holds them unchanged", async (name, data) => {
  const id = name.replaceAll(" ", "-");
  await alice.putContract(id, { data });
  expect((await bob.getContract(id)).data).toEqual(data);
});

test("ids may have all characters that need no encoding in a URL, up to 128 of them", async () => {
  for (const id of ["A.b_c~d-9", "0", "constructor", "a".repeat(128), "a..", "a.json"]) {
    const version = await alice.putContract(id, { data: id });
    expect(await bob.getContract(id)).toEqual({ id, state: "Draft", version, data: id, proposalId: "" });
  }
});

test("ids are told apart by case, and none is the beginning of another", async () => {
  for (const id of ["case", "CASE", "cas"]) await alice.putContract(id, { data: id });
  for (const id of ["case", "CASE", "cas"]) expect(await bob.getContract(id)).toMatchObject({ id, data: id });
});
