import type { Answer } from "../answer.js";
import type { Play } from "../play.js";
import { act, noop, type Proposal } from "../proposal.js";
import { scenario, type Suite } from "../suite.js";

/* What validate, resolve, apply and ballots can see and write. */

/** A proposal whose action runs code in one phase of its life. */
const evalIn = (phase: "validate" | "resolve" | "apply", code: string): Proposal => ({ actions: [act("test_eval", { phase, code })] });
const GLOBALS = `return JSON.stringify(Object.getOwnPropertyNames(globalThis).sort());`;
const CCFKEYS = `const d = (o) => (o === undefined ? "undefined" : Object.keys(o).sort()); return JSON.stringify({ ccf: d(ccf), node: d(ccf.node), network: d(ccf.network), rpc: d(ccf.rpc), consensus: d(ccf.consensus), historical: d(ccf.historical), host: d(ccf.host), crypto: d(ccf.crypto), snp: typeof snp_attestation === "undefined" ? "undefined" : d(snp_attestation), console: d(console) });`;
const ACCESS = `
const out = {};
for (const n of ["t", "public:t", "public:ccf.gov.conf.x", "public:ccf.internal.x", "ccf.gov.x", "ccf.internal.x", "public:ccf.gov.members.info", "public:ccf.internal.signatures"]) {
  const key = new ArrayBuffer(8), one = (f) => { try { f(); return "ok"; } catch (e) { return e.name; } };
  out[n] = { has: one(() => ccf.kv[n].has(key)), get: one(() => ccf.kv[n].get(key)), size: one(() => ccf.kv[n].size), forEach: one(() => ccf.kv[n].forEach(() => {})), set: n.includes("members") || n.includes("signatures") ? "skipped" : one(() => ccf.kv[n].set(key, key)), del: n.includes("members") || n.includes("signatures") ? "skipped" : one(() => ccf.kv[n].delete(key)), version: one(() => ccf.kv[n].getVersionOfPreviousWrite(key)) };
}
return JSON.stringify(out);`;

type Probe = (t: Play, label: string, code: string) => Promise<void>;

/** JSON where it is, the text otherwise. */
function decoded(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What the probing code put between marks into a text, decoded; null where there are none. */
function marked(text: string): unknown {
  const found = /<<([\s\S]*)>>/.exec(text)?.[1];
  return found === undefined ? null : decoded(found);
}

const statusOf = ({ status, error }: Answer): unknown => [status, error.code];

/** validate answers through its description. */
const inValidate: Probe = async (t, label, code) => {
  const proposal = evalIn("validate", `const f = () => { ${code} }; return { value: { valid: false, description: f() } };`);
  const answer = await t.gov.create(t.members[0], proposal);
  t.note(`${label} status`, statusOf(answer));
  const { message = "" } = answer.error;
  t.note(label, decoded(message.slice(message.indexOf(": ") + 2)));
};

/** apply leaves its answer in a table, which an operation of the application reads. */
const inApply: Probe = async (t, label, code) => {
  await t.install({
    out: `const v = ccf.kv["public:ccf.gov.conf.out"].get(ccf.strToBuf("k")); return { body: v === undefined ? null : JSON.parse(ccf.bufToStr(v)) };`,
  });
  const leave = `const f = () => { ${code} }; ccf.kv["public:ccf.gov.conf.out"].set(ccf.strToBuf("k"), ccf.strToBuf(f()));`;
  await t.gov.pass(act("test_eval", { phase: "apply", code: leave }));
  await t.call("out", { label });
};

/** resolve answers through the message of an exception. */
const inResolve: Probe = async (t, label, code) => {
  const answer = await t.gov.create(t.members[0], evalIn("resolve", `const f = () => { ${code} }; throw new Error("<<" + f() + ">>");`));
  t.note(`${label} status`, statusOf(answer));
  t.note(label, marked(answer.error.message ?? ""));
};

/** A ballot answers through the failure that the decision reports. */
const inVote: Probe = async (t, label, code) => {
  const { proposalId } = await t.gov.create(t.members[0], noop(`vote ${label}`));
  t.names.count("proposal", proposalId);
  const ballot = `export function vote (proposal, proposerId) { const f = () => { ${code} }; throw new Error("<<" + f() + ">>"); }`;
  await t.gov.ballot(t.members[0], proposalId, ballot);
  await t.gov.ballot(t.members[1], proposalId);
  const answer = await t.gov.ballot(t.members[2], proposalId);
  const { voteFailures } = answer.json as { voteFailures?: Readonly<Record<string, { reason: string }>> };
  t.note(label, marked(voteFailures?.[t.members[0].id]?.reason ?? ""));
};

export const constitutionSandbox: Suite = {
  name: "constitution-sandbox",
  title: "execution environment of the constitution",

  scenarios: [
    scenario("globals-in-validate", async (t) => {
      await inValidate(t, "globals", GLOBALS);
      await inValidate(t, "ccf", CCFKEYS);
    }),
    scenario("globals-in-resolve", async (t) => {
      await inResolve(t, "globals", GLOBALS);
      await inResolve(t, "ccf", CCFKEYS);
    }),
    scenario("globals-in-apply", async (t) => {
      await inApply(t, "globals", GLOBALS);
      await inApply(t, "ccf", CCFKEYS);
    }),
    scenario("tables-in-validate", async (t) => inValidate(t, "access", ACCESS)),
    scenario("tables-in-apply", async (t) => inApply(t, "access", ACCESS)),
    scenario("table-denial-texts", async (t) => {
      const code = (n: string, op: string): string =>
        `try { ccf.kv["${n}"].${op}; return "no error"; } catch (e) { return JSON.stringify({ type: e.name, message: e.message }); }`;
      const verbOf = (op: string): string => op.replace(/\(.*/, "");
      for (const [n, op] of [
        ["t", "has(new ArrayBuffer(8))"],
        ["public:ccf.gov.conf.x", "set(new ArrayBuffer(8), new ArrayBuffer(8))"],
        ["public:ccf.internal.x", "clear()"],
      ] as const) {
        await inValidate(t, `validate ${n} ${verbOf(op)}`, code(n, op));
      }
      for (const [n, op] of [
        ["t", "has(new ArrayBuffer(8))"],
        ["public:t", "size"],
        ["public:ccf.internal.x", "set(new ArrayBuffer(8), new ArrayBuffer(8))"],
      ] as const) {
        await inApply(t, `apply ${n} ${verbOf(op)}`, code(n, op));
      }
    }),
    scenario("resolve-arguments", async (t) => {
      await inResolve(
        t,
        "types",
        `return JSON.stringify({ proposal: typeof proposal, proposerId, votes, proposalId: typeof proposalId + proposalId.length, argc });`,
      );
      const code = `if (votes.length < 2) return "Open"; throw new Error(JSON.stringify(votes.map((v) => ({ keys: Object.keys(v).sort(), vote: v.vote, mine: v.member_id === "${t.members[0].id}" || v.member_id === "${t.members[1].id}" })) ));`;
      const p = await t.create("create", 0, evalIn("resolve", code));
      await t.ballot("yes", 0, p.proposalId);
      await t.ballot("no; resolve throws", 1, p.proposalId, "export function vote () { return false; }");
      await t.govGet("state", `/members/proposals/${p.proposalId}`);
    }),
    scenario("resolve-return-values", async (t) => {
      for (const [label, v] of [
        ["string Nope", '"Nope"'],
        ["undefined", "undefined"],
        ["null", "null"],
        ["number", "3"],
        ["lower case", '"accepted"'],
        ["true", "true"],
        ["Withdrawn", '"Withdrawn"'],
        ["Failed", '"Failed"'],
        ["Dropped", '"Dropped"'],
      ] as const) {
        await t.create(label, 0, evalIn("resolve", `return ${v};`));
      }
    }),
    scenario("resolve-accepts-or-rejects-at-creation", async (t) => {
      const a = await t.create("accepted", 0, evalIn("resolve", 'return "Accepted";'));
      await t.govGet("accepted", `/members/proposals/${a.proposalId}`);
      const b = await t.create("rejected", 1, evalIn("resolve", 'return "Rejected";'));
      await t.govGet("rejected", `/members/proposals/${b.proposalId}`);
    }),
    scenario("resolve-throws", async (t) => {
      await t.create("error", 0, evalIn("resolve", 'throw new Error("resolve boom");'));
      await t.create("string", 0, evalIn("resolve", 'throw "plain";'));
      await t.create("type error", 0, evalIn("resolve", "null.x;"));
    }),
    scenario("validate-return-values", async (t) => {
      for (const [label, v] of [
        ["true", "true"],
        ["valid 1", "{ valid: 1 }"],
        ["valid false no description", "{ valid: false }"],
        ["description is number", "{ valid: false, description: 5 }"],
        ["empty object", "{}"],
        ["string", '"x"'],
        ["null", "null"],
        ["array", "[]"],
        ["valid true with description", '{ valid: true, description: "fine" }'],
      ] as const) {
        await t.create(label, 0, evalIn("validate", `return { value: ${v} };`));
      }
    }),
    scenario("apply-throws", async (t) => {
      for (const [label, code] of [
        ["error", 'throw new Error("apply boom");'],
        ["string", 'throw "plain";'],
        ["range error", "new Array(-1);"],
      ] as const) {
        const p = await t.gov.create(t.members[0], evalIn("apply", code));
        t.names.count("proposal", p.proposalId);
        await t.gov.ballot(t.members[0], p.proposalId);
        await t.ballot(label, 1, p.proposalId);
        await t.withdraw(`${label} withdraw`, 0, p.proposalId);
      }
    }),
    scenario("ballot-environment", async (t) => {
      await inVote(t, "globals", GLOBALS);
      await inVote(t, "ccf", CCFKEYS);
      await inVote(t, "access", ACCESS);
      await inVote(t, "arguments", `return JSON.stringify({ p: JSON.parse(proposal), proposerId });`);
    }),
    scenario("apply-writes-are-atomic-with-state", async (t) => {
      await t.install({
        rows: `const o = {}; ccf.kv["public:ccf.gov.conf.rows"].forEach((v, k) => { const key = ccf.bufToStr(k); if (key.startsWith("aw.")) o[key] = ccf.bufToJsonCompatible(v).value; }); return { body: o };`,
      });
      const p = await t.create("two rows then failure", 0, {
        actions: [act("test_row", { key: "aw.1" }), act("test_row", { key: "aw.2" }), act("test_fail")],
      });
      await t.ballot("yes", 0, p.proposalId);
      await t.ballot("fails", 1, p.proposalId);
      await t.call("rows", { label: "nothing" });
      const q = await t.create("two rows", 0, {
        actions: [act("test_row", { key: "aw.1", value: 1 }), act("test_row", { key: "aw.2", value: 2 })],
      });
      await t.ballot("yes", 0, q.proposalId);
      await t.ballot("applies", 1, q.proposalId);
      await t.call("rows", { label: "both" });
    }),
    scenario("reserved-prefix-breaks-the-request", async (t) => {
      for (const n of ["public:ccf.other", "ccf.other", "public:ccf.govx", "public:ccf."]) {
        const code = `let r; try { r = String(ccf.kv[${JSON.stringify(n)}].has(new ArrayBuffer(8))); } catch (e) { r = e.name + ": " + e.message; } return { value: { valid: false, description: r } };`;
        await t.create(n, 0, evalIn("validate", code));
      }
    }),
  ],
};
