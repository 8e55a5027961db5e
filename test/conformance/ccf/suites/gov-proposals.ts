import { act, NO, noop, PREVIEW, YES, type Proposal } from "../proposal.js";
import { scenario, type Suite } from "../suite.js";

/* Proposals: creation, reads, ballots, withdrawal, resolution, failures, api versions. */

const ZERO = "0".repeat(64);

type Proposals = { readonly value: readonly { readonly proposalId: string; readonly proposalState: string }[] };

export const govProposals: Suite = {
  name: "gov-proposals",
  title: "proposal life cycle",

  scenarios: [
    scenario("create-get-actions", async (t) => {
      const p = await t.create("create", 0, noop("create-get-actions"), { write: true });
      const id = p.proposalId;
      await t.govGet("get", `/members/proposals/${id}`);
      await t.govGet("actions", `/members/proposals/${id}/actions`);
      t.note("id-is-64-hex", /^[0-9a-f]{64}$/.test(id));
    }),
    scenario("actions-text-is-verbatim", async (t) => {
      const text = '{ "actions" : [ {"name":"noop","args":{"x":1.50,"y":"\\u00e9"}} ],  "extra": true }';
      const p = await t.create("create", 1, text, { write: true });
      await t.govGet("actions", `/members/proposals/${p.proposalId}/actions`);
    }),
    scenario("list-contains-created", async (t) => {
      const a = await t.create("create a", 0, noop("list a"));
      const b = await t.create("create b", 1, noop("list b"));
      await t.govGet("list", "/members/proposals", {
        pick: (list: Proposals) => ({
          keys: Object.keys(list),
          mine: [a, b].map((one) => list.value.find((x) => x.proposalId === one.proposalId)).filter((x) => x !== undefined),
        }),
      });
    }),
    scenario("majority-accepts-on-last-ballot", async (t) => {
      const p = await t.create("create", 2, noop("majority"));
      const id = p.proposalId;
      await t.ballot("first yes", 0, id, YES, { write: true });
      await t.ballot("second yes decides", 1, id, YES, { write: true });
      await t.govGet("get after", `/members/proposals/${id}`);
      await t.govGet("actions after", `/members/proposals/${id}/actions`);
      await t.ballot("third ballot on accepted", 2, id);
      await t.withdraw("withdraw accepted", 2, id);
    }),
    scenario("majority-rejects", async (t) => {
      const p = await t.create("create", 0, noop("rejects"));
      const id = p.proposalId;
      await t.ballot("proposer no", 0, id, NO);
      await t.ballot("second no", 2, id, NO);
      await t.govGet("get rejected", `/members/proposals/${id}`);
      await t.ballot("vote on rejected", 1, id, YES);
    }),
    scenario("immediate-accept-without-ballots", async (t) => {
      const p = await t.create("create auto", 0, { actions: [act("noop", { auto: true })] }, { write: true });
      await t.govGet("get", `/members/proposals/${p.proposalId}`);
    }),
    scenario("ballot-get-and-not-found", async (t) => {
      const p = await t.create("create", 0, noop("ballot get"));
      const id = p.proposalId;
      const text = "export function vote (proposal, proposerId) {\n  // any text\n  return true;\n}\n";
      await t.ballot("ballot", 1, id, text);
      await t.govGet("get own", `/members/proposals/${id}/ballots/${t.members[1].id}`);
      await t.govGet("get missing", `/members/proposals/${id}/ballots/${t.members[2].id}`);
      await t.govGet("get non-member", `/members/proposals/${id}/ballots/${ZERO}`);
      await t.govGet("get bad member id", `/members/proposals/${id}/ballots/xyz`);
      await t.govGet("get unknown proposal", `/members/proposals/${ZERO}/ballots/${t.members[1].id}`);
    }),
    scenario("ballot-again", async (t) => {
      const p = await t.create("create", 0, noop("ballot again"));
      const id = p.proposalId;
      await t.ballot("yes", 1, id, YES, { write: true });
      await t.ballot("same yes", 1, id, YES);
      await t.ballot("now no", 1, id, NO);
      await t.govGet("get", `/members/proposals/${id}`);
    }),
    scenario("withdraw", async (t) => {
      const p = await t.create("create", 0, noop("withdraw"));
      const id = p.proposalId;
      await t.ballot("one yes", 1, id);
      await t.withdraw("by another member", 1, id);
      await t.withdraw("by proposer", 0, id, { write: true });
      await t.withdraw("again", 0, id);
      await t.govGet("get", `/members/proposals/${id}`);
      await t.ballot("vote on withdrawn", 2, id);
      await t.govGet("ballot still there", `/members/proposals/${id}/ballots/${t.members[1].id}`);
    }),
    scenario("unknown-proposal-ids", async (t) => {
      await t.govGet("get zero", `/members/proposals/${ZERO}`);
      await t.govGet("get abc", "/members/proposals/abc");
      await t.govGet("get upper case", `/members/proposals/${"AB".repeat(32)}`);
      await t.govGet("get 63", `/members/proposals/${"a".repeat(63)}`);
      await t.govGet("actions zero", `/members/proposals/${ZERO}/actions`);
      await t.ballot("ballot zero", 0, ZERO);
      await t.withdraw("withdraw zero", 0, ZERO);
      await t.ballot("ballot abc", 0, "abc");
      await t.withdraw("withdraw abc", 0, "abc");
    }),
    scenario("validate-complaints", async (t) => {
      await t.create("unknown action", 0, { actions: [act("no_such_action", {})] });
      await t.create("two complaints", 0, { actions: [act("no_such_action"), act("set_user", { cert: "x" })] });
      await t.create("actions missing", 0, { acts: [] });
      await t.create("not an object", 0, "[]");
      await t.create("json null", 0, "null");
    }),
    scenario("validate-throws-on-bad-json", async (t) => {
      await t.create("not json", 0, "this is not json");
      await t.create("empty body", 0, "");
      await t.create("truncated", 0, '{"actions": [');
    }),
    scenario("empty-actions", async (t) => {
      const p = await t.create("create", 0, { actions: [] });
      await t.govGet("get", `/members/proposals/${p.proposalId}`);
      await t.ballot("yes 0", 0, p.proposalId);
      await t.ballot("yes 1", 1, p.proposalId);
    }),
    scenario("apply-fails", async (t) => {
      const p = await t.create("create", 0, {
        actions: [act("test_row", { key: "apply-fails", value: 1 }), act("test_fail", { text: "apply went wrong" })],
      });
      const id = p.proposalId;
      await t.ballot("yes", 0, id);
      await t.ballot("deciding yes", 1, id);
      await t.govGet("still open, one ballot", `/members/proposals/${id}`);
      await t.govGet("lost ballot", `/members/proposals/${id}/ballots/${t.members[1].id}`);
      await t.ballot("no is still possible", 1, id, NO);
      await t.ballot("third no rejects?", 2, id, NO);
      await t.govGet("final", `/members/proposals/${id}`);
    }),
    scenario("throwing-ballot-counts-as-failure", async (t) => {
      const p = await t.create("create", 0, noop("throwing"));
      const id = p.proposalId;
      await t.ballot("throws", 0, id, "export function vote () { throw new Error('ballot boom'); }");
      await t.ballot("yes", 1, id);
      await t.ballot("yes decides", 2, id);
      await t.govGet("get", `/members/proposals/${id}`);
    }),
    scenario("ballot-does-not-compile", async (t) => {
      const p = await t.create("create", 0, noop("no compile"));
      const id = p.proposalId;
      await t.ballot("syntax error", 0, id, "export function vote ( { return true }");
      await t.ballot("no vote export", 0, id, "export function other () { return true; }");
      await t.ballot("vote not a function", 0, id, "export const vote = 3;");
      await t.ballot("empty text", 0, id, "");
      await t.govGet("no ballots recorded", `/members/proposals/${id}`);
    }),
    scenario("multi-action-order", async (t) => {
      await t.install({
        rows: `const o = {}; ccf.kv["public:ccf.gov.conf.rows"].forEach((v, k) => { const key = ccf.bufToStr(k); if (key.startsWith("mao.")) o[key] = ccf.bufToJsonCompatible(v).value; }); return { body: o };`,
      });
      const p = await t.create("create", 1, {
        actions: [
          act("test_row", { key: "mao.a", value: 1 }),
          act("test_row", { key: "mao.b", value: 2 }),
          act("test_row", { key: "mao.a", value: 3 }),
        ],
      });
      await t.ballot("yes", 0, p.proposalId);
      await t.ballot("yes decides", 1, p.proposalId);
      await t.call("rows");
    }),
    scenario("api-versions-on-reads", async (t) => {
      const p = await t.create("create", 0, noop("versions"));
      const id = p.proposalId;
      await t.get("none", `/gov/members/proposals/${id}`);
      await t.govGet("unsupported", `/members/proposals/${id}`, { ver: "1999-01-01" });
      await t.govGet("empty", `/members/proposals/${id}`, { ver: "" });
      await t.govGet("preview", `/members/proposals/${id}`, { ver: PREVIEW });
      await t.govGet("current", `/members/proposals/${id}`);
      await t.get("current plus other query", `/gov/members/proposals/${id}?x=1&api-version=2024-07-01`);
      await t.get("list without version", "/gov/members/proposals");
    }),
    scenario("api-versions-on-writes", async (t) => {
      await t.create("create without", 0, noop("wv1"), { ver: null });
      await t.create("create unsupported", 0, noop("wv2"), { ver: "2030-01-01" });
      const p = await t.create("create preview", 0, noop("wv3"), { ver: PREVIEW });
      const id = p.proposalId;
      await t.ballot("ballot without", 0, id, YES, { ver: null });
      await t.ballot("ballot preview", 0, id, YES, { ver: PREVIEW });
      await t.ballot("ballot preview decides", 1, id, YES, { ver: PREVIEW });
      await t.govGet("get preview", `/members/proposals/${id}`, { ver: PREVIEW });
      await t.withdraw("withdraw without", 0, id, { ver: null });
    }),
    scenario("same-content-twice-is-two-proposals", async (t) => {
      const a = await t.create("first", 0, noop("twice"));
      const b = await t.create("second", 0, noop("twice"));
      t.note("different ids", a.proposalId !== b.proposalId);
    }),
    scenario("two-proposals-in-flight", async (t) => {
      const a = await t.create("a", 0, noop("flight a"));
      const b = await t.create("b", 1, noop("flight b"));
      await t.ballot("b yes 0", 0, b.proposalId);
      await t.ballot("a no 1", 1, a.proposalId, NO);
      await t.ballot("b yes 2", 2, b.proposalId);
      await t.ballot("a no 2", 2, a.proposalId, NO);
      await t.govGet("a", `/members/proposals/${a.proposalId}`);
      await t.govGet("b", `/members/proposals/${b.proposalId}`);
    }),
    scenario("ballot-payload-shapes", async (t) => {
      const p = await t.create("create", 0, noop("payload"));
      const id = p.proposalId;
      await t.ballot("no ballot field", 0, id, undefined, { payload: "{}" });
      await t.ballot("ballot not string", 0, id, undefined, { payload: '{"ballot": 5}' });
      await t.ballot("not json", 0, id, undefined, { payload: "zzz" });
      await t.ballot("empty", 0, id, undefined, { payload: "" });
      await t.ballot("array", 0, id, undefined, { payload: "[1]" });
      await t.ballot("raw js, not wrapped", 0, id, undefined, { payload: YES });
    }),
    scenario("closed-proposals-are-removed-by-the-next-decision", async (t) => {
      const a = await t.create("a", 0, noop("closed a"));
      await t.withdraw("withdraw a", 0, a.proposalId);
      await t.govGet("a readable", `/members/proposals/${a.proposalId}`);
      const b = await t.create("b stays open", 1, noop("closed b"));
      await t.govGet("a after new open one", `/members/proposals/${a.proposalId}`);
      await t.ballot("one ballot on b", 0, b.proposalId);
      await t.govGet("a after a ballot", `/members/proposals/${a.proposalId}`);
      const c = await t.create("c accepted at once", 2, { actions: [act("noop", { auto: true })] });
      await t.govGet("a after a decision", `/members/proposals/${a.proposalId}`);
      await t.govGet("a actions", `/members/proposals/${a.proposalId}/actions`);
      await t.govGet("b after a decision", `/members/proposals/${b.proposalId}`);
      await t.govGet("c", `/members/proposals/${c.proposalId}`);
      await t.withdraw("withdraw b", 1, b.proposalId);
      await t.govGet("c after a withdrawal", `/members/proposals/${c.proposalId}`);
      const mine = [a, b, c].map((x) => x.proposalId);
      await t.govGet("list", "/members/proposals", {
        pick: ({ value }: Proposals) => mine.map((id) => value.find((x) => x.proposalId === id)?.proposalState ?? null),
      });
    }),
    scenario("proposal-size-limits", async (t) => {
      const big = (n: number): Proposal => ({ actions: [act("noop", { text: "x".repeat(n) })] });
      const p = await t.create("900 kB", 0, big(900000));
      await t.withdraw("withdraw", 0, p.proposalId);
      await t.create("2 MB is refused", 0, big(2000000));
    }),
    scenario("two-members-propose-the-same-change", async (t) => {
      await t.install({
        row: `const v = ccf.kv["public:ccf.gov.conf.rows"].get(ccf.strToBuf("same")); return { body: v === undefined ? null : ccf.bufToJsonCompatible(v).value };`,
      });
      const c = { actions: [act("test_row", { key: "same", value: "first" })] };
      const d = { actions: [act("test_row", { key: "same", value: "second" })] };
      const a = await t.create("a", 0, c);
      const b = await t.create("b", 1, d);
      await t.ballot("b yes 0", 0, b.proposalId);
      await t.ballot("b yes 1", 1, b.proposalId);
      await t.call("row", { label: "second first" });
      await t.ballot("a yes 0", 0, a.proposalId);
      await t.ballot("a yes 2", 2, a.proposalId);
      await t.call("row", { label: "then first" });
    }),
  ],
};
