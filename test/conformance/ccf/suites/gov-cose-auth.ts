import type { OutgoingHttpHeaders } from "node:http";
import type { Answer } from "../answer.js";
import { cbor, Tagged } from "../cbor.js";
import { now } from "../clock.js";
import { coseSign1 } from "../cose.js";
import { identity, type Identity } from "../identity.js";
import type { Play } from "../play.js";
import { act, API, noop, YES } from "../proposal.js";
import { scenario, type Suite } from "../suite.js";

/* Authentication of signed governance requests: envelope, headers, keys, replay, identifiers. */

const CREATE = `/gov/members/proposals:create?api-version=${API}`;
const COSE = { "content-type": "application/cose" };
const send = (t: Play, label: string, body: string | Uint8Array, headers: OutgoingHttpHeaders = COSE): Promise<Answer> =>
  t.req(label, "POST", CREATE, { body, headers });

export const govCoseAuth: Suite = {
  name: "gov-cose-auth",
  title: "signed governance requests",

  scenarios: [
    scenario("content-type", async (t) => {
      const body = (): Buffer => coseSign1(t.members[0], JSON.stringify(noop("ct")), { type: "proposal" });
      await send(t, "missing", body(), {});
      await send(t, "json", body(), { "content-type": "application/json" });
      await send(t, "cose with parameter", body(), { "content-type": "application/cose; cose-type=cose-sign1" });
      await send(t, "upper case", body(), { "content-type": "Application/COSE" });
      await send(t, "right", body());
    }),
    scenario("body-is-not-cose", async (t) => {
      await send(t, "text", "hello");
      await send(t, "json", JSON.stringify(noop("plain")));
      await send(t, "empty", "");
      await send(t, "cbor map", cbor(new Map([[1, 2]])));
      await send(t, "empty array", cbor(new Tagged(18, [])));
    }),
    scenario("envelope-tagging", async (t) => {
      const m = t.members[0];
      await send(t, "untagged", coseSign1(m, JSON.stringify(noop("untagged")), { type: "proposal", untagged: true }));
      await send(t, "wrong tag 98", coseSign1(m, JSON.stringify(noop("tag98")), { type: "proposal", tag: 98 }));
      await send(t, "tag 18", coseSign1(m, JSON.stringify(noop("tag18")), { type: "proposal" }));
    }),
    scenario("missing-protected-headers", async (t) => {
      const m = t.members[0];
      const p = JSON.stringify(noop("missing"));
      await send(t, "no alg", coseSign1(m, p, { type: "proposal", drop: [1] }));
      await send(t, "no kid", coseSign1(m, p, { type: "proposal", drop: [4] }));
      await send(t, "no type", coseSign1(m, p, {}));
      await send(t, "no created_at", coseSign1(m, p, { type: "proposal", drop: ["ccf.gov.msg.created_at"] }));
      await send(t, "nothing", coseSign1(m, p, { protected: new Map() }));
    }),
    scenario("wrong-header-types", async (t) => {
      const m = t.members[0];
      const p = JSON.stringify(noop("types"));
      await send(t, "kid text", coseSign1(m, p, { type: "proposal", extra: new Map([[4, m.id]]) }));
      await send(t, "alg text", coseSign1(m, p, { type: "proposal", extra: new Map([[1, "ES384"]]) }));
      await send(t, "created_at text", coseSign1(m, p, { type: "proposal", extra: new Map([["ccf.gov.msg.created_at", "now"]]) }));
      await send(t, "type is number", coseSign1(m, p, { type: 7 }));
      await send(t, "created_at negative", coseSign1(m, p, { type: "proposal", createdAt: -5 }));
    }),
    scenario("wrong-message-type", async (t) => {
      const m = t.members[0];
      const p = JSON.stringify(noop("mt"));
      await send(t, "ballot as proposal", coseSign1(m, p, { type: "ballot" }));
      await send(t, "upper case", coseSign1(m, p, { type: "Proposal" }));
      const q = await t.create("a proposal", 0, noop("mt2"));
      await t.ballot("ballot typed proposal", 0, q.proposalId, YES, { type: "proposal" });
      await t.withdraw("withdrawal typed ballot", 0, q.proposalId, { type: "ballot" });
    }),
    scenario("unknown-and-wrong-signer", async (t) => {
      const m = t.members[0];
      const p = JSON.stringify(noop("signer"));
      const stranger = identity("stranger");
      t.names.set(stranger.id, "stranger");
      await send(t, "stranger", coseSign1(stranger, p, { type: "proposal" }));
      await send(t, "kid of member, key of stranger", coseSign1(stranger, p, { type: "proposal", kid: m.id }));
      await send(t, "kid of another member", coseSign1(m, p, { type: "proposal", kid: t.members[2].id }));
      await send(t, "kid empty", coseSign1(m, p, { type: "proposal", kid: "" }));
      await send(t, "kid upper case", coseSign1(m, p, { type: "proposal", kid: m.id.toUpperCase() }));
    }),
    scenario("tampering", async (t) => {
      const m = t.members[1];
      await send(t, "signature changed", coseSign1(m, JSON.stringify(noop("tamper")), { type: "proposal", badSig: true }));
      await send(
        t,
        "payload changed",
        coseSign1(m, JSON.stringify(noop("tamper")), { type: "proposal", payloadAfter: JSON.stringify(noop("other")) }),
      );
      const b = coseSign1(m, JSON.stringify(noop("tamper3")), { type: "proposal" });
      await send(t, "truncated", b.subarray(0, b.length - 10));
      await send(t, "trailing bytes", Buffer.concat([b, Buffer.from([1, 2, 3])]));
    }),
    scenario("replay-of-a-proposal", async (t) => {
      const b = coseSign1(t.members[0], JSON.stringify(noop("replay")), { type: "proposal" });
      const r = await send(t, "first", b);
      await send(t, "same bytes again", b);
      await t.withdraw("withdraw it", 0, r.proposalId);
      await send(t, "same bytes after withdrawal", b);
    }),
    scenario("created-at-window", async (t) => {
      // enough recent proposals so that an old one is below the median
      for (let i = 0; i < 3; i++) {
        const r = await t.gov.create(t.members[0], noop(`window ${i}`));
        await t.gov.withdraw(t.members[0], r.proposalId);
      }
      await t.create("two days old", 0, noop("old"), { createdAt: now() - 172800 });
      await t.create("zero", 0, noop("zero"), { createdAt: 0 });
      await t.create("too large", 0, noop("large"), { createdAt: 10000000000 });
      await t.create("largest 10 digits", 0, noop("max"), { createdAt: now() + 20 });
    }),
    scenario("ballot-identifiers", async (t) => {
      const p = await t.create("create", 0, noop("ids"));
      const q = await t.create("another", 0, noop("ids2"));
      const id = p.proposalId;
      await t.ballot("url of another member", 0, id, YES, { target: t.members[1] });
      await t.ballot("header names other proposal", 0, id, YES, { proposalId: q.proposalId });
      await t.ballot("no proposal header", 0, id, YES, { proposalId: undefined });
      await t.govGet("nothing recorded", `/members/proposals/${id}`);
    }),
    scenario("withdrawal-identifiers", async (t) => {
      const p = await t.create("create", 0, noop("wids"));
      const q = await t.create("another", 0, noop("wids2"));
      await t.withdraw("header names other proposal", 0, p.proposalId, { proposalId: q.proposalId });
      await t.withdraw("no proposal header", 0, p.proposalId, { proposalId: undefined });
      await t.govGet("still open", `/members/proposals/${p.proposalId}`);
    }),
    scenario("algorithm-header-versus-key", async (t) => {
      const m = t.members[0];
      const w = t.members[1];
      const p = JSON.stringify(noop("alg"));
      await send(t, "P-384 key says ES256, hash sha256", coseSign1(m, p, { type: "proposal", alg: -7, hash: "sha256" }));
      await send(t, "P-256 key says ES384, hash sha384", coseSign1(w, p, { type: "proposal", alg: -35, hash: "sha384" }));
      await send(t, "PS256", coseSign1(m, p, { type: "proposal", alg: -37 }));
      await send(t, "EdDSA", coseSign1(m, p, { type: "proposal", alg: -8 }));
      await send(t, "alg 0", coseSign1(m, p, { type: "proposal", alg: 0 }));
    }),
    scenario("state-digest-requests", async (t) => {
      const m = t.members[2];
      const o = t.members[0];
      const url = (x: Identity, v: string): string => `/gov/members/state-digests/${x.id}:${v}?api-version=${API}`;
      await t.cose("update typed wrong", url(m, "update"), m, "", { type: "ack" });
      await t.cose("update for another member", url(o, "update"), m, "", { type: "state_digest" });
      await t.cose("ack for another member", url(o, "ack"), m, '{"stateDigest":"00"}', { type: "ack" });
      await t.cose("ack of a wrong digest", url(m, "ack"), m, '{"stateDigest":"00"}', { type: "ack" });
      await t.cose("ack without digest", url(m, "ack"), m, "{}", { type: "ack", anyMessage: true });
      await t.cose("ack not json", url(m, "ack"), m, "x", { type: "ack" });
    }),
    scenario("inactive-member-cannot-propose", async (t) => {
      const n = identity("newcomer", "P-256");
      t.names.set(n.id, "newcomer");
      await t.gov.pass(act("set_member", { cert: n.cert }));
      await t.create("create", n, noop("inactive"));
      const p = await t.create("by an active one", 0, noop("inactive 2"));
      await t.ballot("ballot", n, p.proposalId);
      await t.withdraw("withdrawal", n, p.proposalId);
      await t.gov.pass(act("remove_member", { member_id: n.id }));
      await t.create("after removal", n, noop("removed"));
    }),
    scenario("tls-identity-is-irrelevant", async (t) => {
      const r = await t.create("signed by 0 over a session of 1", 0, noop("tls"), { as: t.members[1] });
      await t.withdraw("withdraw over a session of 2", 0, r.proposalId, { as: t.members[2] });
      await t.req("unsigned over a member session", "POST", CREATE, {
        body: JSON.stringify(noop("tls2")),
        headers: { "content-type": "application/json" },
        as: t.members[0],
      });
    }),
  ],
};
