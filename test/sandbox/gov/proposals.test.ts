import { createHash } from "node:crypto";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ScriptEngine } from "../../../sandbox/enclave/js/host.js";
import { createEngine } from "../../../sandbox/enclave/js/engine.js";
import { cryptoFunctions } from "../../../sandbox/enclave/js/globals/crypto/index.js";
import { snpVerifier } from "../../../sandbox/enclave/snp/verify.js";
import { memoryLedger } from "../ledger/service.js";
import { GovernanceService, type Answer } from "./service.js";
import { person, type Changes, type Person } from "./signing.js";

/** Two of three decide. An action is a piece of script for one of the three functions. */
const CONSTITUTION = `
const run = (phase, proposal, args) => {
  for (const action of JSON.parse(proposal).actions) {
    if (action[phase] !== undefined) { const out = new Function("args", action[phase])(args); if (out !== undefined) return out; }
  }
};
export function validate(proposal) {
  return run("validate", proposal) ?? { valid: true };
}
export function resolve(proposal, proposerId, votes, proposalId) {
  const out = run("resolve", proposal, { proposerId, votes, proposalId });
  if (out !== undefined) return out;
  if (votes.filter((v) => v.vote).length > 1) return "Accepted";
  return votes.filter((v) => !v.vote).length > 1 ? "Rejected" : "Open";
}
export function apply(proposal, proposalId) {
  run("apply", proposal, { proposalId });
}
`;
const YES = "export function vote() { return true; }";
const NO = "export function vote() { return false; }";
const ROW = 'ccf.kv["public:ccf.gov.rows"]';

const alice = person("alice");
const bob = person("bob", "P-256");
const carol = person("carol", "P-521");

let engine: ScriptEngine;
beforeAll(async () => {
  // Governance scripts ask nothing of the ledger
  const { historical } = memoryLedger();
  const consensus = memoryLedger();
  const services = { consensus, historical, verifySnpAttestation: snpVerifier(), now: () => 0, log: () => undefined };
  engine = await createEngine({ services, cryptoFunctions });
});

let service: GovernanceService;
beforeEach(() => {
  service = new GovernanceService({ members: [alice, bob, carol], constitution: CONSTITUTION, engine });
  for (const member of [alice, bob, carol]) service.acknowledge(member);
});

type Action = Partial<Record<"validate" | "resolve" | "apply", string>>;

const submit = (actions: readonly Action[], by: Person = alice, changes: Changes = {}): Answer =>
  service.post("/members/proposals:create", by, JSON.stringify({ actions }), { type: "proposal", ...changes });
const idOf = (answer: Answer): string => (answer.json as { proposalId: string }).proposalId;
const propose = (...actions: Action[]): string => idOf(submit(actions));
const vote = (by: Person, proposalId: string, ballot = YES): Answer =>
  service.post(`/members/proposals/${proposalId}/ballots/${by.id}:submit`, by, JSON.stringify({ ballot }), { type: "ballot", proposalId });
const withdraw = (by: Person, proposalId: string): Answer =>
  service.post(`/members/proposals/${proposalId}:withdraw`, by, "", { type: "withdrawal", proposalId });
const read = (proposalId: string): Answer => service.get(`/members/proposals/${proposalId}`);
const state = (answer: Answer): unknown => (answer.json as { proposalState?: unknown }).proposalState;
const failure = (code: string, message: unknown): object => ({ json: { error: { code, message } } });

describe("a proposal", () => {
  test("is named after the ledger's root and its signature, and kept byte for byte", () => {
    const root = service.ledger.root();
    const body = '{ "actions" : [],  "x": 1.50 }';
    const answer = service.post("/members/proposals:create", alice, body, { type: "proposal" });
    const [envelope] = service.tables.coseHistory.entries().map(([, base64]) => Buffer.from(base64, "base64"));
    const signature = envelope?.subarray(-96) ?? new Uint8Array();
    const digest = createHash("sha256").update(signature).digest();
    expect(idOf(answer)).toBe(createHash("sha256").update(root).update(digest).digest("hex"));
    expect(answer.json).toEqual({ ballotCount: 0, proposalId: idOf(answer), proposalState: "Open", proposerId: alice.id });
    expect(service.get(`/members/proposals/${idOf(answer)}/actions`).text).toBe(body);
  });

  test("is accepted with the ballot that decides, which shows the votes", () => {
    const id = propose({});
    expect(state(vote(bob, id))).toBe("Open");
    expect(vote(carol, id).json).toMatchObject({
      ballotCount: 2,
      proposalState: "Accepted",
      finalVotes: { [bob.id]: true, [carol.id]: true },
      voteFailures: {},
    });
    expect(vote(alice, id)).toMatchObject(
      failure("ProposalNotOpen", `Proposal ${id} is currently in state accepted - only open proposals can receive votes`),
    );
    expect(withdraw(alice, id)).toMatchObject(
      failure("ProposalNotOpen", `Proposal ${id} is currently in state accepted and cannot be withdrawn.`),
    );
  });

  test("may be decided without any ballot", () => {
    expect(state(submit([{ resolve: 'return "Accepted"' }]))).toBe("Accepted");
    expect(state(submit([{ resolve: 'return "Rejected"' }]))).toBe("Rejected");
  });

  test("that closed stays readable until the next one closes", () => {
    const closed = propose({ resolve: 'return "Rejected"' });
    const open = propose({});
    vote(bob, open);
    expect(state(read(closed))).toBe("Rejected");
    const next = propose({ resolve: 'return "Accepted"' });
    expect(read(closed)).toMatchObject(failure("ProposalNotFound", `Could not find proposal ${closed}.`));
    expect(state(read(open))).toBe("Open");
    withdraw(alice, open);
    expect(read(next).status).toBe(404);
  });

  test("is withdrawn by its proposer alone, any number of times", () => {
    const id = propose({});
    expect(withdraw(bob, id)).toMatchObject({
      status: 403,
      ...failure("AuthorizationFailed", expect.stringContaining("can only be withdrawn by proposer")),
    });
    expect(state(withdraw(alice, id))).toBe("Withdrawn");
    expect(state(withdraw(alice, id))).toBe("Withdrawn");
    expect(withdraw(alice, "0".repeat(64)).status).toBe(204);
  });

  test("cannot be submitted twice", () => {
    const again = { createdAt: 2_000_000_000 };
    const body = JSON.stringify({ actions: [] });
    const message = {
      method: "POST",
      path: "/members/proposals:create",
      query: "api-version=2024-07-01",
      headers: { "content-type": "application/cose" },
    };
    const first = service.post("/members/proposals:create", alice, body, { type: "proposal", ...again });
    const envelope = Buffer.from(service.tables.coseHistory.get(alice.id) ?? "", "base64");
    expect(service.send({ ...message, body: envelope })).toMatchObject(
      failure("ProposalReplay", `Proposal submission replay, already exists as proposal ${idOf(first)}`),
    );
  });
});

describe("validate", () => {
  test.each([
    ["return { valid: 1 }", 200, undefined, undefined],
    ["return { valid: false, description: 'no good' }", 400, "ProposalFailedToValidate", "Proposal failed to validate: no good"],
    ["return { valid: false, description: 5 }", 400, "ProposalFailedToValidate", "Proposal failed to validate: "],
    ["return []", 400, "ProposalFailedToValidate", "Proposal failed to validate: "],
    ["return true", 500, "InternalError", "Validation failed to return an object"],
    ["return 'x'", 500, "InternalError", "Validation failed to return an object"],
    ["throw new Error('v')", 500, "InternalError", expect.stringMatching(/^Failed to execute validation: Error: v {5}at /)],
    ["ccf.kv['public:ccf.gov.x'].set(new ArrayBuffer(8), new ArrayBuffer(8))", 500, "InternalError", expect.stringContaining("read-only")],
    ["ccf.kv['public:ccf.nope']", 500, "InternalError", "Map name 'ccf.nope' includes disallowed reserved prefix 'ccf.'"],
  ])("that ends with: %s", (validate, status, code, message: unknown) => {
    const answer = submit([{ validate }]);
    expect(answer.status).toBe(status);
    if (code !== undefined) expect(answer).toMatchObject(failure(code, message));
    expect(service.tables.proposals.keys()).toHaveLength(status === 200 ? 1 : 0);
  });
});

describe("a ballot", () => {
  test("is kept as text, and the same one may be sent again, but no other", () => {
    const id = propose({});
    expect(vote(bob, id).status).toBe(200);
    expect(vote(bob, id).status).toBe(200);
    expect(vote(bob, id, NO)).toMatchObject(failure("VoteAlreadyExists", `Different ballot already submitted by m[${bob.id}] for ${id}.`));
    expect(service.get(`/members/proposals/${id}/ballots/${bob.id}`)).toMatchObject({
      headers: { "content-type": "text/javascript" },
      text: YES,
    });
    expect(service.get(`/members/proposals/${id}/ballots/${carol.id}`)).toMatchObject(
      failure("VoteNotFound", `Member m[${carol.id}] has not voted for proposal ${id}.`),
    );
  });

  test("that throws is a failure, and no vote", () => {
    const id = propose({});
    vote(alice, id, "export function vote() { throw new Error('ballot boom'); }");
    vote(bob, id);
    expect(vote(carol, id).json).toMatchObject({
      proposalState: "Accepted",
      finalVotes: { [bob.id]: true, [carol.id]: true },
      voteFailures: { [alice.id]: { reason: "Error: ballot boom" } },
    });
  });

  test("is evaluated again with every other, against the state of that time", () => {
    const id = propose({});
    vote(alice, id, `export function vote() { return ${ROW}.size > 0; }`);
    expect(state(vote(bob, id, NO))).toBe("Rejected");
    const other = propose({});
    vote(alice, other, `export function vote() { return ${ROW}.size > 0; }`);
    service.write((tx) => {
      tx.table("public:ccf.gov.rows").set(Buffer.from("a"), Buffer.from("1"));
    });
    expect(state(vote(bob, other))).toBe("Accepted");
  });

  test.each([
    ["export function vote( {", "Failed to compile"],
    ["export function other() {}", "Failed to find export 'vote' in module"],
    ["export const vote = 3;", "Export 'vote' of module"],
    ["", "Failed to find export 'vote' in module"],
  ])("that is no script with a vote is refused: %j", (ballot, message) => {
    const id = propose({});
    const answer = vote(bob, id, ballot);
    expect(answer).toMatchObject({ status: 500, ...failure("InternalError", expect.stringContaining(message)) });
    expect(answer.text).toContain(`public:ccf.gov.proposals_info[${id}].ballots[m[${bob.id}]]`);
    expect(read(id).json).toMatchObject({ ballotCount: 0 });
  });

  test("must name its proposal and its member in path and signature alike", () => {
    const [id, other] = [propose({}), propose({})];
    const path = (member: Person): string => `/members/proposals/${id}/ballots/${member.id}:submit`;
    const send = (to: string, proposalId: string | undefined, payload = JSON.stringify({ ballot: YES })): Answer =>
      service.post(to, bob, payload, { type: "ballot", proposalId });
    expect(send(path(carol), id)).toMatchObject(failure("InvalidResourceName", "Authenticated member id does not match URL"));
    expect(send(path(bob), other)).toMatchObject(failure("InvalidResourceName", "Authenticated proposal id does not match URL"));
    expect(send(path(bob), undefined)).toMatchObject(failure("InvalidResourceName", "Authenticated proposal id does not match URL"));
    for (const payload of ["{}", '{"ballot": 5}', "[1]", "null"]) {
      expect(send(path(bob), id, payload)).toMatchObject(
        failure("InvalidInput", expect.stringContaining('required string field "ballot"')),
      );
    }
  });
});

describe("resolve", () => {
  test("gets proposal, proposer, votes in order of member ids, and the proposal's id", () => {
    const id = propose({ resolve: 'if (args.votes.length > 1) throw new Error(JSON.stringify(args)); return "Open"' });
    vote(bob, id);
    const answer = vote(carol, id, NO);
    const votes = [
      { member_id: bob.id, vote: true },
      { member_id: carol.id, vote: false },
    ].sort((a, b) => (a.member_id < b.member_id ? -1 : 1));
    const args = JSON.stringify({ proposerId: alice.id, votes, proposalId: id });
    expect(answer).toMatchObject({
      status: 500,
      ...failure("InternalError", expect.stringContaining(`Failed to resolve(): Error: ${args}\nTrace: `)),
    });
    expect(read(id).json).toMatchObject({ ballotCount: 1, proposalState: "Open" });
  });

  test.each(["Nope", "accepted", "Withdrawn", "Failed", "Dropped"])("cannot decide on %s", (decision) => {
    expect(submit([{ resolve: `return "${decision}"` }])).toMatchObject({
      status: 500,
      ...failure("InternalError", `resolve() returned invalid status value: "${decision}"\nTrace: N/A`),
    });
  });

  test("that throws what is no Error has no trace", () => {
    expect(submit([{ resolve: 'throw "plain"' }])).toMatchObject(failure("InternalError", "Failed to resolve(): plain\nTrace: N/A"));
  });
});

describe("apply", () => {
  const write = (key: string): Action => ({ apply: `${ROW}.set(ccf.strToBuf("${key}"), ccf.strToBuf(args.proposalId))` });
  const rows = (): readonly string[] => {
    const keys: string[] = [];
    service.ledger.store
      .begin()
      .table("public:ccf.gov.rows")
      .forEach((_, key) => keys.push(Buffer.from(key).toString()));
    return keys;
  };

  test("changes governance tables with the ballot that decides", () => {
    const id = propose(write("a"));
    vote(bob, id);
    expect(rows()).toEqual([]);
    vote(carol, id);
    expect(rows()).toEqual(["a"]);
  });

  test("that throws leaves everything as it was before the ballot", () => {
    const id = propose(write("a"), { apply: 'throw new Error("partial")' });
    vote(bob, id);
    expect(vote(carol, id)).toMatchObject({
      status: 500,
      ...failure("InternalError", expect.stringMatching(/^Failed to apply\(\): Error: partial\nTrace: /)),
    });
    expect(rows()).toEqual([]);
    expect(read(id).json).toMatchObject({ ballotCount: 1, proposalState: "Open" });
    expect(state(withdraw(alice, id))).toBe("Withdrawn");
  });

  test("can read the final votes of its own proposal", () => {
    const check = `const info = ccf.bufToJsonCompatible(ccf.kv["public:ccf.gov.proposals_info"].get(ccf.strToBuf(args.proposalId)));
      if (info.state !== "Accepted" || Object.keys(info.final_votes).length !== 2) throw new Error(JSON.stringify(info));`;
    const id = propose({ apply: check });
    vote(bob, id);
    expect(state(vote(carol, id))).toBe("Accepted");
  });

  test("opens the service with its own certificate and no other", () => {
    const open = (certificate: string): Answer =>
      submit([
        {
          resolve: 'return "Accepted"',
          apply: `ccf.node.transitionServiceToOpen(undefined, ccf.strToBuf(${JSON.stringify(certificate)}))`,
        },
      ]);
    expect(open(alice.certificate)).toMatchObject({
      status: 500,
      ...failure("InternalError", expect.stringContaining("Unable to open service")),
    });
    expect(service.get("/service/info").json).toMatchObject({ status: "Opening" });
    expect(state(open(service.identity.serviceCertificate))).toBe("Accepted");
    expect(service.get("/service/info").json).toMatchObject({ status: "Open" });
  });

  test("reaches the node: it renews certificates, rekeys the ledger and asks for ledger files to be closed", () => {
    const csr = JSON.stringify(service.identity.nodeSigningRequest());
    const apply = `
      const put = (key, value) => ${ROW}.set(ccf.strToBuf(key), ccf.strToBuf(String(value)));
      put("node", ccf.network.generateEndorsedCertificate(${csr}, "231123025416Z", 30));
      put("service", ccf.network.generateNetworkCertificate("2023-11-23 02:54:16", 30));
      put("secret", ccf.network.getLatestLedgerSecretSeqno());
      ccf.node.triggerLedgerRekey();
      ccf.node.triggerLedgerChunk();
      ccf.node.triggerSnapshot();
      ccf.node.triggerACMERefresh();`;
    expect(submit([{ resolve: 'return "Accepted"', apply }]).json).toMatchObject({ proposalState: "Accepted" });
    const row = (key: string): string =>
      Buffer.from(service.ledger.store.begin().table("public:ccf.gov.rows").get(Buffer.from(key)) ?? []).toString();
    expect(row("node")).toContain("BEGIN CERTIFICATE");
    expect(row("service")).toContain("BEGIN CERTIFICATE");
    expect(row("secret")).toBe("1");
    expect(service.identity.secrets.latestSeqno).toBeGreaterThan(1);
    expect(service.chunkRequests).toHaveLength(1);
  });

  test("sets and removes the keys of token issuers", () => {
    const key = { kty: "RSA", kid: "k", n: Buffer.alloc(256, 0xc1).toString("base64url"), e: "AQAB" };
    const set = (jwks: unknown): Answer =>
      submit([{ resolve: 'return "Accepted"', apply: `ccf.setJwtPublicSigningKeys("https://i.example", {}, ${JSON.stringify(jwks)})` }]);
    expect(state(set({ keys: [key] }))).toBe("Accepted");
    expect(service.get("/service/jwk").json).toMatchObject({ keys: { k: [{ issuer: "https://i.example", constraint: null }] } });
    expect(set({ keys: [] })).toMatchObject(failure("InternalError", expect.stringContaining("set_jwt_public_signing_keys() failed")));
    submit([{ resolve: 'return "Accepted"', apply: 'ccf.removeJwtPublicSigningKeys("https://i.example")' }]);
    expect(service.get("/service/jwk").json).toMatchObject({ keys: {} });
  });
});

describe("limits", () => {
  test("of less than CCF's defaults do not bind governance", () => {
    service.write((tx) => {
      const options = { max_heap_bytes: 1, max_stack_bytes: 1, max_execution_time_ms: 1 };
      tx.table("public:ccf.gov.js_runtime_options").set(new Uint8Array(8), Buffer.from(JSON.stringify(options)));
    });
    expect(submit([{ validate: "const a = []; for (let i = 0; i < 100000; i++) a.push(i);" }]).status).toBe(200);
  });

  test("of time end a ballot that never does, which counts as a failure", () => {
    const id = propose({ resolve: `return ${ROW}.size > 0 ? "Rejected" : "Open"` });
    service.write((tx) => {
      tx.table("public:ccf.gov.rows").set(Buffer.from("decide"), Buffer.from("now"));
    });
    expect(vote(alice, id, "export function vote() { for (;;); }").json).toMatchObject({
      proposalState: "Rejected",
      finalVotes: {},
      voteFailures: { [alice.id]: { reason: "Operation took too long to complete." } },
    });
  });
});
