import { afterAll, describe, expect, test } from "vitest";
import { refusal } from "../support/answer.js";
import { consortium } from "../support/consortium.js";
import { directly } from "../support/direct.js";
import { agree, setContract } from "../support/party.js";
import { stateSeenBy } from "../support/state.js";

const { place, members } = await consortium({ alice: {}, bob: {}, op: { isOperator: true } }, afterAll);
const { alice, bob, op } = members;
await agree([alice, bob], setContract("agreed"));

const propose = (text: string) => alice.sign("/gov/members/proposals:create", { type: "proposal", payload: Buffer.from(text, "utf8") });
const lists = (levels: number): string => `${"[".repeat(levels)}1${"]".repeat(levels)}`;
const action = (name: string, args: unknown): string => JSON.stringify({ actions: [{ name, args }] });
const contract = (args: unknown): string => action("set_contract", args);
const deep = (levels: number): string => contract({ contractId: "new", contract: { data: "DATA" } }).replace('"DATA"', () => lists(levels));
const times = (count: number, item: string): string => `{"actions": [${Array<string>(count).fill(item).join()}]}`;

describe("a proposal is refused with the reason, and leaves no trace, when it", () => {
  test.each([
    ["is empty", "", "not JSON"],
    ["is no JSON", "{'actions': []}", "not JSON"],
    ["is a list", "[]", "no list of actions"],
    ["is null", "null", "no list of actions"],
    ["has no actions", '{"actions": []}', "no actions"],
    ["has actions that are no list", '{"actions": {"name": "set_contract"}}', "no list of actions"],
    ["has actions that it only inherits", '{"__proto__": {"actions": []}}', "no list of actions"],
    ["has an action without a name", '{"actions": [{"args": {}}]}', "the action at position 0 has no name"],
    ["has an action that is null", '{"actions": [null]}', "the action at position 0 has no name"],
    ["has an action that there is not", action("become_king", {}), "become_king: no such action"],
    ["has an action that JavaScript knows", action("constructor", {}), "constructor: no such action"],
    ["has 101 actions", times(101, '{"name": "trigger_snapshot"}'), "the proposal has 101 actions, more than 100"],
    ["has 299999 actions", times(299_999, "{}"), "the proposal has 299999 actions, more than 100"],
    ["is nested too deep", deep(64), "set_contract at position 0 failed validation: contract is nested more than 64 levels deep"],
    ["is nested so deep that it cannot be read", deep(400_000), "Proposal failed to validate"],
    ["is nothing but brackets", "[".repeat(900_000), "Proposal failed to validate"],
    ["names no contract", contract({ contract: { data: 1 } }), "contractId is missing"],
    ["names a contract by a number", contract({ contractId: 1, contract: { data: 1 } }), "contractId must be 1 to 128 letters"],
    ["names a contract that the application could not", contract({ contractId: "a/b", contract: { data: 1 } }), "contractId must be"],
    ["carries no contract", contract({ contractId: "new" }), "contract is missing"],
    ["carries null for a contract", contract({ contractId: "new", contract: null }), "contract must be an object"],
    ["carries a list for a contract", contract({ contractId: "new", contract: [] }), "contract must be an object"],
    ["carries a contract without data", contract({ contractId: "new", contract: {} }), "contract.data is missing"],
    ["carries another contract", contract({ contractId: "new", contract: { id: "old", data: 1 } }), "contract.id differs from contractId"],
    ["is long and wrong", contract({ contractId: "x".repeat(900_000), contract: { data: 1 } }), "contractId must be"],
  ])("%s", async (_what, text, reason) => {
    const before = await stateSeenBy(alice);
    expect(await propose(text)).toMatchObject(refusal(400, "ProposalFailedToValidate", expect.stringContaining(reason)));
    expect(await stateSeenBy(alice)).toEqual(before);
  });

  test("and more than 1 MB is not even read", async () => {
    expect(await propose("x".repeat(1024 * 1024))).toMatchObject(refusal(413, "RequestBodyTooLarge"));
  });
});

test("what goes wrong while an operator's proposal is carried out undoes all of it", async () => {
  const before = await stateSeenBy(alice);
  const newcomer = { name: "set_member", args: { cert: place.stranger("newcomer").certificate, member_data: { isOperator: true } } };
  const impossible = { name: "set_node_data", args: { node_id: "ab".repeat(32), node_data: {} } };
  await expect(op.propose(newcomer, impossible)).rejects.toMatchObject({ status: 500, code: "InternalError" });
  expect(await stateSeenBy(alice)).toEqual(before);
});

test("a contract as deep as a draft can be is agreed on like any other", async () => {
  const data = JSON.parse(lists(63)) as unknown;
  await alice.putContract("deep", { data });
  const proposal = await alice.proposeContract("deep");
  for (const member of [alice, bob]) await member.accept(proposal);
  expect(await bob.getContract("deep")).toMatchObject({ state: "Accepted", data });
});

test("a contract of 900 KB is drafted, proposed and agreed on like any other", async () => {
  const data = "x".repeat(900_000);
  await alice.putContract("large", { data });
  const proposal = await alice.proposeContract("large");
  for (const member of [alice, bob]) await member.accept(proposal);
  expect(await bob.getContract("large")).toMatchObject({ state: "Accepted", data });
});

test("as many contracts as a proposal can name are agreed on at once", async () => {
  const ids = Array.from({ length: 100 }, (_, i) => `many-${i}`);
  await agree([directly(place.service, alice), directly(place.service, bob)], ...ids.map((id) => setContract(id)));
  const { body } = await bob.call("GET", "/app/contracts?state=Accepted");
  expect((body as { value: unknown[] }).value).toEqual(expect.arrayContaining(ids.map((id) => ({ id }))));
});
