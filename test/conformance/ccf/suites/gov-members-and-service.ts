import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { endpoint, type Bundle } from "../bundle.js";
import { generateKey, identity, publicPem, type Identity, type KeyKind } from "../identity.js";
import { keysOf } from "../json.js";
import { jwkOf } from "../jwt.js";
import type { Play } from "../play.js";
import { act, API, noop, PREVIEW } from "../proposal.js";
import { scenario, type Suite } from "../suite.js";

/* Members, users, state digests, and every read of the /gov/service tree. */

const digestUrl = (id: string, verb: string): string => `/gov/members/state-digests/${id}:${verb}?api-version=${API}`;
const isDigest = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);
const ZERO = "0".repeat(64);

/** A future member. */
function newcomer(t: Play, name: string, kind: KeyKind = "P-256"): Identity {
  const member = identity(name, kind);
  t.names.setIdentity(member, name);
  return member;
}

type List<Item> = { readonly value: readonly Item[] };
type Digest = { readonly memberId: string; readonly stateDigest: string };
type Node = { readonly quoteInfo: { readonly format: string; readonly details?: object } };
type Jwk = {
  readonly issuers: Readonly<Record<string, unknown>>;
  readonly keys: Readonly<Record<string, readonly { readonly publicKey: string }[]>>;
};

export const govMembersAndService: Suite = {
  name: "gov-members-and-service",
  title: "members, users and service state",

  scenarios: [
    scenario("initial-members", async (t) => {
      for (const [i, m] of t.members.entries()) await t.govGet(`member${i}`, `/service/members/${m.id}`);
      await t.govGet("list", "/service/members", {
        pick: (j: List<{ memberId: string }>) => ({
          keys: Object.keys(j),
          members: t.members.map((m) => j.value.find((x) => x.memberId === m.id)),
        }),
      });
    }),
    scenario("member-not-found", async (t) => {
      await t.govGet("zero", `/service/members/${ZERO}`);
      await t.govGet("bad id", "/service/members/nope");
      await t.govGet("trailing slash", "/service/members/");
      await t.get("no version", `/gov/service/members/${t.members[0].id}`);
    }),
    scenario("service-info", async (t) => {
      await t.govGet("info", "/service/info");
      await t.govGet("preview", "/service/info", { ver: PREVIEW });
      await t.get("no version", "/gov/service/info");
    }),
    scenario("constitution-text", async (t) => {
      const r = await t.govGet("constitution", "/service/constitution", {
        pick: (x: unknown) => (typeof x === "string" ? x.length > 1000 : "json?"),
      });
      const read = (file: string): string => readFileSync(resolve(import.meta.dirname, "../constitution", file), "utf8");
      const [actions, rules] = [read("actions.js"), read("rules.js")];
      const [start, end] = [r.text.indexOf(actions), r.text.indexOf(rules)];
      t.note("contains every file verbatim, in order", start >= 0 && start < end);
      t.note("text between files", r.text.slice(start + actions.length, end));
      t.note("text around", [r.text.slice(0, start), r.text.slice(end + rules.length)]);
      await t.govGet("preview", "/service/constitution", { ver: PREVIEW, pick: (x: unknown) => x === r.text });
    }),
    scenario("member-joins-and-acks", async (t) => {
      const m = newcomer(t, "joiner", "P-384");
      const p = await t.create("set_member", 0, { actions: [act("set_member", { cert: m.cert, member_data: { team: "new" } })] });
      await t.ballot("yes", 0, p.proposalId);
      await t.ballot("yes", 1, p.proposalId);
      await t.govGet("accepted", `/service/members/${m.id}`);
      await t.govGet("digest written by set_member", `/members/state-digests/${m.id}`, {
        pick: (j: Digest) => ({ keys: keysOf(j), hex: isDigest(j.stateDigest) }),
      });
      const u = await t.cose("update", digestUrl(m.id, "update"), m, "", { type: "state_digest", write: true });
      const stateDigest = u.field("stateDigest");
      await t.cose("ack", digestUrl(m.id, "ack"), m, JSON.stringify({ stateDigest }), { type: "ack", write: true });
      await t.govGet("active", `/service/members/${m.id}`);
      await t.cose("ack again", digestUrl(m.id, "ack"), m, JSON.stringify({ stateDigest }), { type: "ack" });
      const g = await t.govGet("digest", `/members/state-digests/${m.id}`);
      t.note("digest is the acked one", g.field("stateDigest") === stateDigest);
      const q = await t.create("can propose", m, noop("joined"));
      await t.withdraw("withdraw", m, q.proposalId);
      await t.gov.pass(act("remove_member", { member_id: m.id }));
      await t.govGet("removed", `/service/members/${m.id}`);
      await t.govGet("digest gone", `/members/state-digests/${m.id}`);
    }),
    scenario("new-active-member-changes-majority", async (t) => {
      const m = newcomer(t, "fourth");
      await t.gov.pass(act("set_member", { cert: m.cert }));
      const p = await t.create("three active, one accepted", 0, noop("maj1"));
      await t.ballot("yes 0", 0, p.proposalId);
      await t.ballot("yes 1 decides", 1, p.proposalId);
      await t.gov.acknowledge(m);
      const q = await t.create("four active", 0, noop("maj2"));
      await t.ballot("yes 0", 0, q.proposalId);
      await t.ballot("yes 1 not enough", 1, q.proposalId);
      await t.ballot("yes of the new one decides", m, q.proposalId);
      await t.gov.pass(act("remove_member", { member_id: m.id }));
    }),
    scenario("set-member-data", async (t) => {
      const m = t.members[2];
      for (const [i, d] of [{ a: [1, { b: null }] }, "text", 7, null].entries()) {
        await t.gov.pass(act("set_member_data", { member_id: m.id, member_data: d }));
        await t.govGet(`data ${i}`, `/service/members/${m.id}`, { pick: (j: { memberData: unknown }) => j.memberData });
      }
      const p = await t.create("unknown member", 0, { actions: [act("set_member_data", { member_id: ZERO, member_data: 1 })] });
      await t.ballot("yes", 0, p.proposalId);
      await t.ballot("yes fails in apply", 1, p.proposalId);
    }),
    scenario("users", async (t) => {
      const a = t.user("alice");
      const b = t.user("bob", "P-384");
      await t.gov.pass([act("set_user", { cert: a.cert, user_data: { role: "admin" } }), act("set_user", { cert: b.cert })]);
      await t.govGet("alice", `/service/users/${a.id}`);
      await t.govGet("bob without data", `/service/users/${b.id}`);
      await t.govGet("list", "/service/users", {
        pick: (j: List<{ userId: string }>) => ({ keys: Object.keys(j), mine: [a, b].map((u) => j.value.find((x) => x.userId === u.id)) }),
      });
      await t.gov.pass(act("set_user_data", { user_id: b.id, user_data: [1, 2] }));
      await t.govGet("bob with data", `/service/users/${b.id}`);
      await t.gov.pass(act("set_user", { cert: a.cert }));
      await t.govGet("alice set again without data", `/service/users/${a.id}`);
      await t.gov.pass([act("remove_user", { user_id: a.id }), act("remove_user", { user_id: b.id })]);
      await t.govGet("alice gone", `/service/users/${a.id}`);
      await t.govGet("zero", `/service/users/${ZERO}`);
      await t.govGet("bad id", "/service/users/x");
    }),
    scenario("state-digest-reads", async (t) => {
      await t.govGet("member0", `/members/state-digests/${t.members[0].id}`, {
        pick: (j: Digest) => ({ id: j.memberId, hex: isDigest(j.stateDigest) }),
      });
      await t.govGet("unknown", `/members/state-digests/${ZERO}`);
      await t.govGet("bad id", "/members/state-digests/zz");
      const pick = (j: Digest): unknown => ({ id: j.memberId, hex: isDigest(j.stateDigest), keys: keysOf(j) });
      await t.cose("update", digestUrl(t.members[0].id, "update"), t.members[0], "", { type: "state_digest", write: true, pick });
      await t.cose("update preview", `/gov/members/state-digests/${t.members[0].id}:update?api-version=${PREVIEW}`, t.members[0], "", {
        type: "state_digest",
        pick,
      });
      await t.cose("update without version", `/gov/members/state-digests/${t.members[0].id}:update`, t.members[0], "", {
        type: "state_digest",
      });
      await t.get("GET update", digestUrl(t.members[0].id, "update"));
    }),
    scenario("javascript-app", async (t) => {
      const bundle: Bundle = {
        metadata: {
          endpoints: {
            "/a": {
              get: {
                ...endpoint("a.js", "f", ["user_cert", "no_auth"], "readonly", "never"),
                openapi: { responses: { 200: { description: "x" } } },
              },
              post: endpoint("/lib/b.js", "g", [{ all_of: ["user_cert", "jwt"] }], "readwrite", "always"),
            },
            "/b/{id}": {
              put: endpoint("a.js", "f", [], "historical"),
            },
          },
        },
        modules: [
          { name: "a.js", module: "export function f () { return {}; }" },
          { name: "/lib/b.js", module: "export function g () { return {}; }" },
        ],
      };
      await t.gov.setApp(bundle);
      await t.govGet("app", "/service/javascript-app");
      await t.govGet("app original case", "/service/javascript-app?case=original");
      await t.govGet("app bad case", "/service/javascript-app?case=snake");
      await t.govGet("app preview", "/service/javascript-app", { ver: PREVIEW });
      await t.govGet("modules", "/service/javascript-modules", {
        pick: (j: List<{ moduleName: string }>) => j.value.map((x) => x.moduleName).sort(),
      });
      await t.govGet("module a", "/service/javascript-modules/a.js");
      await t.govGet("module /a.js encoded", "/service/javascript-modules/%2Fa.js");
      await t.govGet("module lib encoded", "/service/javascript-modules/%2Flib%2Fb.js");
      await t.govGet("module lib plain", "/service/javascript-modules/lib/b.js");
      await t.govGet("unknown module", "/service/javascript-modules/nope.js");
      await t.govGet("modules preview", "/service/javascript-modules", { ver: PREVIEW });
    }),
    scenario("nodes", async (t) => {
      const one = (node: Node): unknown => {
        const { format, details = {} } = node.quoteInfo;
        return { ...node, quoteInfo: { keys: keysOf(node.quoteInfo), format, details: keysOf(details) } };
      };
      await t.govGet("list", "/service/nodes", {
        pick: (j: List<Node>) => ({ keys: Object.keys(j), value: j.value.map(one) }),
        soft: [".body.json.value[0].quoteInfo"],
      });
      await t.govGet("self", `/service/nodes/${t.stage.nodeId}`, { pick: one, soft: [".body.json.quoteInfo"] });
      await t.govGet("zero", `/service/nodes/${ZERO}`);
      await t.govGet("bad id", "/service/nodes/zzz");
      await t.get("no version", "/gov/service/nodes");
    }),
    scenario("jwk", async (t) => {
      const k = generateKey("RSA2048");
      const iss = "https://jwk.example/a";
      await t.gov.pass([
        act("set_jwt_issuer", { issuer: iss }),
        act("set_jwt_public_signing_keys", {
          issuer: iss,
          jwks: { keys: [jwkOf(k, "jwk-kid-1"), jwkOf(k, "jwk-kid-2", { x5c: true, issuer: iss })] },
        }),
      ]);
      const mine = (j: Jwk): unknown => ({
        issuer: j.issuers[iss],
        k1: j.keys["jwk-kid-1"],
        k2: j.keys["jwk-kid-2"],
        fields: keysOf(j),
      });
      await t.govGet("jwk", "/service/jwk", { pick: mine });
      const { keys } = (await t.client.request("GET", `/gov/service/jwk?api-version=${API}`)).json as Jwk;
      const shown = ["jwk-kid-1", "jwk-kid-2"].map((kid) => keys[kid]?.[0]?.publicKey);
      const isSpki = shown.every((text) => text === publicPem(k));
      t.note("public key is the SPKI PEM", isSpki);
      await t.gov.pass(act("remove_jwt_issuer", { issuer: iss }));
      await t.govGet("after removal", "/service/jwk", { pick: mine });
    }),
    scenario("service-transactions", async (t) => {
      const p = await t.create("a write", 0, noop("tx"));
      await t.client.waitCommitted(p.tx);
      await t.govGet("committed", `/service/transactions/${p.tx}`);
      await t.govGet("commit", "/service/transactions/commit", { pick: keysOf });
      await t.govGet("future", "/service/transactions/2.99999999");
      await t.govGet("other view", "/service/transactions/99.1");
      await t.govGet("bad id", "/service/transactions/abc");
      await t.govGet("negative", "/service/transactions/-1.5");
      await t.govGet("preview commit", "/service/transactions/commit", { ver: PREVIEW, pick: keysOf });
    }),
    scenario("recovery-endpoints", async (t) => {
      await t.govGet("share of member0", `/recovery/encrypted-shares/${t.members[0].id}`, {
        pick: (j: { memberId: string; encryptedShare: unknown }) => ({ keys: keysOf(j), id: j.memberId, b64: typeof j.encryptedShare }),
      });
      await t.govGet("share of member2, no key", `/recovery/encrypted-shares/${t.members[2].id}`);
      await t.govGet("share of nobody", `/recovery/encrypted-shares/${ZERO}`);
      await t.cose(
        "recover when open",
        `/gov/recovery/members/${t.members[0].id}:recover?api-version=${API}`,
        t.members[0],
        '{"share":"AAAA"}',
        { type: "recovery_share" },
      );
      await t.cose(
        "recover wrong type",
        `/gov/recovery/members/${t.members[0].id}:recover?api-version=${API}`,
        t.members[0],
        '{"share":"AAAA"}',
        { type: "ack" },
      );
    }),
    scenario("join-policy", async (t) => {
      await t.govGet("policy", "/service/join-policy", { soft: [".body.json.virtual", ".body.json.snp"] });
      await t.get("no version", "/gov/service/join-policy");
    }),
    scenario("certificates-in-other-forms", async (t) => {
      const u = t.user("forms");
      const other = t.user("forms2");
      for (const [label, cert] of [
        ["extra newline", `\n${u.cert}\n\n`],
        ["no final newline", u.cert.trimEnd()],
        ["two certificates", u.cert + other.cert],
        ["crlf", u.cert.replace(/\n/g, "\r\n")],
      ] as const) {
        const p = await t.gov.create(t.members[0], { actions: [act("set_user", { cert })] });
        if (p.status !== 200) {
          t.record(`${label} create`, p, {}, "POST create");
          continue;
        }
        t.names.count("proposal", p.proposalId);
        await t.gov.ballot(t.members[0], p.proposalId);
        const r = await t.ballot(label, 1, p.proposalId);
        await t.govGet(`${label} get`, `/service/users/${u.id}`, {
          pick: (j: { userId: string; certificate: string }) => ({ id: j.userId === u.id, verbatim: j.certificate === cert }),
        });
        if (r.status !== 200) await t.gov.withdraw(t.members[0], p.proposalId);
        await t.gov.pass(act("remove_user", { user_id: u.id }));
      }
    }),
  ],
};
