import { afterAll, expect, test } from "vitest";
import { runtimeOptions } from "../../cli/governance/service/deploy.js";
import type { Proposal } from "../../client/governance/proposal.js";
import { consortium } from "../support/consortium.js";
import { agree, setContract } from "../support/party.js";

const { members } = await consortium({ alice: {}, bob: {}, op: { isOperator: true } }, afterAll);
const { alice, bob, op } = members;
await agree([alice, bob], setContract("c1"));

const READS = [
  ["POST", "/app/contracts/c1/deploymentspec", 200],
  ["GET", "/app/contracts", 200],
  ["GET", "/app/contracts/c1/ca/info", 200],
  ["GET", "/app/contracts/unknown", 404],
  ["GET", "/app/documents", 200],
  ["POST", "/app/contracts/c1/checkstatus/logging", 200],
] as const;

/** Proposes to give the contract a CA, with lists in lists beside that, as deep as this. @returns undefined where that is refused */
async function proposed(depth: number): Promise<Proposal | undefined> {
  const actions = `[{"name":"enable_ca","args":{"contractId":"c1"}},{"name":"trigger_snapshot"}]`;
  const text = `{"actions":${actions},"more":${"[".repeat(depth)}${"]".repeat(depth)},"more":1}`;
  const { status, body } = await op.sign("/gov/members/proposals:create", { type: "proposal", payload: Buffer.from(text, "utf8") });
  expect([200, 400]).toContain(status);
  return status === 200 ? (body as Proposal) : undefined;
}

async function deepest(): Promise<number> {
  let [taken, refused] = [100, 400_000];
  while (refused - taken > 1) {
    const depth = (taken + refused) >> 1;
    const proposal = await proposed(depth);
    if (proposal) await op.withdraw(proposal);
    if (proposal) taken = depth;
    else refused = depth;
  }
  return taken;
}

test.each([
  ["which it usually has", runtimeOptions.max_stack_bytes],
  ["which it has at least", 256_000],
])("a proposal as deep as the constitution can read leaves the application, with the stack %s, able to answer", async (_, stack) => {
  await agree([alice, bob], { name: "set_js_runtime_options", args: { ...runtimeOptions, max_stack_bytes: stack } });
  for (const depth of [await deepest(), 20_000]) {
    const proposal = await proposed(depth);
    expect(proposal).toMatchObject({ proposalState: "Open" });
    for (const [method, path, status] of READS) expect(await alice.call(method, path)).toMatchObject({ status });
    if (proposal) await op.withdraw(proposal);
  }
});

test("one that is accepted is carried out, however deep it is", async () => {
  const proposal = await proposed(await deepest());
  if (!proposal) throw new Error("what was accepted before is refused");
  await alice.accept(proposal);
  expect(await bob.accept(proposal)).toMatchObject({ proposalState: "Accepted" });
  expect(await alice.call("GET", "/app/contracts/c1/ca/info")).toMatchObject({ body: { enabled: true } });
});

test("a contract is proposed once at a time, however deep the first proposal is", async () => {
  const depth = await deepest();
  const text = `{"actions":[${JSON.stringify(setContract("c2"))}],"more":${"[".repeat(depth - 10)}${"]".repeat(depth - 10)}}`;
  const first = await alice.sign("/gov/members/proposals:create", { type: "proposal", payload: Buffer.from(text, "utf8") });
  expect(first.body).toMatchObject({ proposalState: "Open" });
  expect(await bob.propose(setContract("c2"))).toMatchObject({ proposalState: "Rejected" });
});
