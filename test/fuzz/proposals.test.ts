import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { path } from "../../client/session.js";
import { setMember } from "../../client/governance/members.js";
import type { Action, Proposal } from "../../client/governance/proposal.js";
import { SERVICE_OPTIONS } from "../../src/model/options.js";
import { GovernedService } from "../constitution/service.js";
import type { Answer } from "../support/answer.js";
import { built, consortium, setApplication } from "../support/consortium.js";
import { directly } from "../support/direct.js";
import { agree, setContract, type Party } from "../support/party.js";
import { stateSeenBy, type State } from "../support/state.js";
import { proposals } from "./proposal.js";
import "./seed.js";

/** As many are judged by the constitution alone; with signatures, which take most of the time, fewer are proposed (`npm run fuzz`: all). */
const JUDGED = 5000;
const PROPOSED = Number(process.env.FUZZ_PROPOSALS ?? 540);
if (!Number.isSafeInteger(PROPOSED)) throw new Error("FUZZ_PROPOSALS must be an integer");
const SIGNED = { elector: (PROPOSED * 5) / 9, operator: (PROPOSED * 2) / 9, contractOperator: (PROPOSED * 2) / 9 };
/** Milliseconds. */
const PATIENCE = 180_000 + PROPOSED * 100;
/** So many share one interpreter, or one look at the state before and after. */
const BATCH = 20;
/** Milliseconds for a batch; a proposal takes about thirty. */
const NO_ANSWER = 60_000;

const { place, members } = await consortium(
  { alice: {}, bob: {}, op: { isOperator: true }, contractOp: { cgsRoles: { contractOperator: true } } },
  afterAll,
);
const electorate = [members.alice, members.bob] as const;
await members.alice.putContract("drafted", { data: "terms" });
await agree(electorate, setContract("agreed"));
await members.bob.propose(setContract("proposed"));
for (const what of ["deploymentspec", "deploymentinfo", "cleanroompolicy"]) {
  const args = { option: `autoapprove-${what}-proposal`, status: "enabled" };
  await agree(electorate, { name: "set_cgs_runtime_options", args });
}
const [alice, op, contractOp] = [members.alice, members.op, members.contractOp].map((party) => directly(place.service, party)) as [
  Party,
  Party,
  Party,
];

const constitution = await built.constitution();
const names = [...constitution.matchAll(/^action\(\s*"(\w+)"/gm)].map(([, name = ""]) => name);
const newcomer = place.stranger("newcomer").certificate;
const of = (name: string, args: object): Action => ({ name, args: { contractId: "agreed", ...args } });
const claims = { "x-ms-sevsnpvm-hostdata": ["ab".repeat(32), "cd".repeat(32)], "x-ms-sevsnpvm-is-debuggable": false };

/** What a contract operator may do alone here. */
const deployment: readonly Action[] = [
  of("set_deployment_spec", { spec: { data: { template: 1 } } }),
  of("set_deployment_info", { info: { data: "address", id: "x" } }),
  of("set_clean_room_policy", { type: "add", claims, policyType: "snp-caci" }),
  of("set_clean_room_policy", { type: "remove", claims: { "x-ms-sevsnpvm-hostdata": "cd".repeat(32) } }),
  of("set_clean_room_policy", { type: "remove", claims }),
];
/** What an elector may do alone. */
const quiet: readonly Action[] = ["logging", "telemetry"].map((what) => of(`set_contract_runtime_options_disable_${what}`, {}));
const electors: readonly Action[] = [
  ...["drafted", "agreed", "proposed", "fresh"].map((id) => setContract(id)),
  setMember({ certificate: newcomer, memberData: { identifier: "newcomer", cgsRoles: { cgsOperator: "true" } } }),
  { name: "remove_member", args: { member_id: alice.id } },
  { name: "set_member_data", args: { member_id: op.id, member_data: { tenantId: "t" } } },
  { name: "set_user", args: { cert: newcomer, user_data: { a: 1 } } },
  { name: "set_constitution", args: { constitution } },
  { name: "set_js_runtime_options", args: { max_heap_bytes: 2e8, max_stack_bytes: 2e6, max_execution_time_ms: 2000 } },
  setApplication(await built.bundle()),
  ...deployment,
  ...quiet,
  ...["logging", "telemetry"].map((what) => of(`set_contract_runtime_options_enable_${what}`, {})),
  { name: "set_cgs_runtime_options", args: { option: "autoapprove-jsapp-proposal", status: "enabled" } },
  { name: "enable_oidc_issuer", args: { kid: "kid" } },
  { name: "oidc_issuer_enable_rotate_signing_key", args: {} },
  { name: "set_oidc_issuer_url", args: { issuer_url: "https://issuer.example/cgs" } },
  of("set_oidc_subject", { subject: "system:account" }),
  of("set_oidc_subject", { subject: "proposed" }),
  { name: "remove_oidc_subject", args: { subject: "system:account" } },
  { name: "enable_signing", args: { kid: "kid" } },
  { name: "signing_enable_rotate_signing_key", args: {} },
  of("enable_ca", {}),
  of("ca_enable_rotate_signing_key", {}),
  { name: "set_document", args: { documentId: "d1", document: { contractId: "agreed", data: "text" } } },
  { name: "set_member_document", args: { documentId: "d1", document: { contractId: "agreed", data: "text" } } },
];
const often = (actions: readonly Action[]): readonly Action[] => Array.from({ length: 8 }, () => actions).flat();
/** The same, with so much of what is accepted or rejected at once that a few hundred proposals hold some of it beyond all chance. */
const decisive: readonly Action[] = [...electors, ...often(quiet), ...often(["agreed", "proposed"].map((id) => setContract(id)))];
/** What an operator alone may do, as far as it leaves the service as it is. */
const upkeep: readonly Action[] = [
  setMember({ certificate: op.certificate, memberData: { isOperator: true } }),
  { name: "remove_node", args: { node_id: "ab".repeat(32) } },
  { name: "set_node_data", args: { node_id: "ab".repeat(32), node_data: 1 } },
  { name: "remove_jwt_issuer", args: { issuer: "https://issuer.example" } },
  { name: "trigger_snapshot", args: {} },
  ...electors.slice(0, 6),
];

test("the actions to try are those of the constitution", () => {
  expect(names).toEqual(expect.arrayContaining([...electors, ...upkeep].map(({ name }) => name)));
});

const namesIn = (text: string) => (JSON.parse(text) as { actions: readonly Action[] }).actions.map(({ name }) => name);
const areAmong = (allowed: readonly Action[], text: string) =>
  namesIn(text).every((name) => allowed.some((action) => action.name === name));

test(
  "whatever is proposed and by whom, it is refused with a reason, or decided by the rules, in no time",
  async () => {
    const service = await GovernedService.start({
      isv: {},
      op: { data: { isOperator: true } },
      contractOp: { data: { cgsRoles: { contractOperator: true } } },
      invited: { status: "Accepted" },
    });
    service.change((tx) => {
      const put = (table: string, key: string, value: object) => {
        tx.table(table).set(Buffer.from(key), Buffer.from(JSON.stringify(value)));
      };
      put("public:ccf.gov.accepted_contracts", "agreed", { data: "terms" });
      put("public:ccf.gov.policies.cleanroom-agreed", "x-ms-sevsnpvm-hostdata", claims["x-ms-sevsnpvm-hostdata"]);
      for (const option of SERVICE_OPTIONS) put("public:ccf.gov.cgs_runtime_options", option, { status: "enabled" });
    });
    service.propose("isv", setContract("proposed"));

    const counts: Record<string, number> = {};
    const alone: Readonly<Record<string, readonly Action[]>> = { isv: quiet, contractOp: deployment };
    const texts = fc.array(proposals(names, [...electors, ...upkeep]), { minLength: BATCH, maxLength: BATCH });
    const property = fc.property(fc.constantFrom("isv", "op", "contractOp", "invited"), texts, (by, batch) => {
      for (const [i, { valid, description, resolution }] of service.judge(by, batch).entries()) {
        counts[String(resolution)] = (counts[String(resolution)] ?? 0) + 1;
        expect(typeof description).toBe("string");
        expect(valid).toBe(description === "");
        if (valid === true) expect(["Accepted", "Open", "Rejected"]).toContain(resolution);
        if (resolution === "Accepted" && by !== "op") expect(areAmong(alone[by] ?? [], batch[i] ?? "")).toBe(true);
      }
    });
    fc.assert(property, { numRuns: JUDGED / BATCH });
    for (const resolution of ["Accepted", "Open", "Rejected", "undefined"]) expect(counts[resolution]).toBeGreaterThan(20);
  },
  PATIENCE,
);

const propose = (by: Party, text: string): Promise<Answer> =>
  by.sign("/gov/members/proposals:create", { type: "proposal", payload: Buffer.from(text, "utf8") });

/** What a proposal came to; one that is still open is withdrawn. A refused one was not written. */
async function outcomeOf(by: Party, text: string): Promise<string> {
  const answer = await propose(by, text);
  if (answer.status !== 200) {
    expect(answer.headers).not.toHaveProperty("x-ms-ccf-transaction-id");
    // What passes the rules may still be impossible, which CCF answers with 500: of a node that there is not, for example.
    if (answer.status === 500)
      expect(answer.body).toMatchObject({ error: { message: expect.stringMatching(/^Failed to apply/) as unknown } });
    else expect(answer).toMatchObject({ status: 400, body: { error: { code: "ProposalFailedToValidate" } } });
    return answer.status === 500 ? "Impossible" : "Refused";
  }
  const { proposalId, proposalState } = answer.body as Proposal;
  if (proposalState !== "Open") return proposalState;
  const payload = new Uint8Array();
  const withdrawn = await by.sign(path`/gov/members/proposals/${proposalId}:withdraw`, { type: "withdrawal", payload, proposalId });
  expect(withdrawn).toMatchObject({ status: 200 });
  return proposalState;
}

/** The proposals that are open; CCF also keeps the one closed last. */
const openOf = ({ proposals }: State) => proposals.value.filter(({ proposalState }) => proposalState === "Open");

/** Proposes generated texts, batch by batch. @returns how many came to what */
async function flood(
  by: Party,
  count: number,
  good: readonly Action[],
  check: (text: string, outcome: string) => void,
  unchanged: (before: State, after: State, outcomes: readonly string[]) => void,
): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const batch = fc.array(proposals(names, good), { minLength: BATCH, maxLength: BATCH });
  const property = fc.asyncProperty(batch, async (texts) => {
    const before = await stateSeenBy(alice);
    const outcomes: string[] = [];
    for (const text of texts) {
      const outcome = await outcomeOf(by, text);
      check(text, outcome);
      outcomes.push(outcome);
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    }
    const after = await stateSeenBy(alice);
    expect(openOf(after)).toEqual(openOf(before));
    unchanged(before, after, outcomes);
  });
  await fc.assert(property, { numRuns: Math.ceil(count / BATCH), timeout: NO_ANSWER });
  return counts;
}

test(
  "whatever a member proposes waits for votes, is rejected, or is refused and leaves no trace; the service never fails",
  async () => {
    const counts = await flood(
      alice,
      SIGNED.elector,
      decisive,
      (text, outcome) => {
        if (outcome === "Accepted") expect(areAmong(quiet, text)).toBe(true);
        else expect(["Open", "Rejected", "Refused"]).toContain(outcome);
      },
      (before, after, outcomes) => {
        expect({ ...after, proposals: undefined }).toEqual({ ...before, proposals: undefined });
        if (outcomes.every((outcome) => outcome === "Refused")) expect(after).toEqual(before);
      },
    );
    for (const outcome of ["Open", "Rejected", "Refused", "Accepted"]) expect(counts[outcome]).toBeGreaterThan(0);
  },
  PATIENCE,
);

test(
  "whatever an operator proposes, validation and decision never fail, and contracts and voters stay as they are",
  async () => {
    await flood(
      op,
      SIGNED.operator,
      upkeep,
      () => undefined,
      (before, after) => {
        expect(after.contracts).toEqual(before.contracts);
        expect(after.members.value).toEqual(expect.arrayContaining(before.members.value.filter(({ memberId }) => memberId !== op.id)));
      },
    );
  },
  PATIENCE,
);

test(
  "whatever a contract operator proposes, he decides about deployments alone, and what he decides is always possible",
  async () => {
    const counts = await flood(
      contractOp,
      SIGNED.contractOperator,
      [...deployment, ...deployment, ...electors.slice(0, 6)],
      (text, outcome) => {
        expect(outcome).not.toBe("Impossible");
        if (outcome === "Accepted") expect(areAmong(deployment, text)).toBe(true);
      },
      (before, after) => {
        expect({ ...after, proposals: undefined }).toEqual({ ...before, proposals: undefined });
      },
    );
    expect(counts.Accepted).toBeGreaterThan(0);
  },
  PATIENCE,
);
