import type { Answer } from "../answer.js";
import type { Operation, Policy } from "../bundle.js";
import type { Cbor } from "../cbor.js";
import { now } from "../clock.js";
import { coseSign1, type Headers } from "../cose.js";
import { generateKey, identity, type Identity } from "../identity.js";
import { base64url, jwkOf, jwt, type Token } from "../jwt.js";
import type { Play } from "../play.js";
import { act } from "../proposal.js";
import { scenario, type Suite } from "../suite.js";

/* Authentication policies of app endpoints. */

/** Answers with the caller, without what differs in every run. */

const WHO = `
const show = (x) => {
  if (x === null || typeof x !== "object" || Array.isArray(x)) return x;
  const o = {};
  for (const k of Object.keys(x)) {
    if (k === "cert") o.cert = x.cert.slice(0, 27);
    else if (k === "cose") o.cose = { ...x.cose, content: ccf.bufToStr(x.cose.content) };
    else if (k === "payload") { o.payload = { ...x.payload }; for (const c of ["exp", "nbf"]) if (c in o.payload) o.payload[c] = typeof o.payload[c]; }
    else o[k] = k === "data" || k === "header" ? x[k] : show(x[k]);
  }
  return o;
};
return { body: show(request.caller) };`;
const ep = (...auth: readonly Policy[]): Operation => ({ auth, code: WHO });
const bearer = (token: string): { authorization: string } => ({ authorization: `Bearer ${token}` });
const ISS = "https://issuer.example";
/** A token whose signature nobody made. */
const unsigned = (header: string, payload: string, signature = "AA"): string =>
  `Bearer ${base64url(header)}.${base64url(payload)}.${signature}`;
const setKeys = (t: Play, issuer: string, ...keys: readonly unknown[]): Promise<Answer> =>
  t.gov.pass([act("set_jwt_issuer", { issuer }), act("set_jwt_public_signing_keys", { issuer, jwks: { keys } })], "jwt keys");
const dropIssuer = (t: Play, issuer: string): Promise<Answer> => t.gov.pass(act("remove_jwt_issuer", { issuer }));

export const appAuthn: Suite = {
  name: "app-authn",
  title: "authentication of app requests",

  scenarios: [
    scenario("user-cert", async (t) => {
      const u = t.user("alice");
      const s = t.user("stranger");
      await t.gov.pass(act("set_user", { cert: u.cert, user_data: { a: [1] } }));
      await t.install({ who: ep("user_cert") });
      await t.call("who", { label: "nobody" });
      await t.call("who", { label: "user", as: u });
      await t.call("who", { label: "stranger", as: s });
      await t.call("who", { label: "member", as: t.members[0] });
      await t.gov.pass(act("set_user_data", { user_id: u.id, user_data: "changed" }));
      await t.call("who", { label: "user, new data", as: u });
      await t.gov.pass(act("remove_user", { user_id: u.id }));
      await t.call("who", { label: "removed user", as: u });
    }),
    scenario("user-cert-id-and-pem", async (t) => {
      const u = t.user("carol", "P-384");
      await t.gov.pass(act("set_user", { cert: u.cert }));
      await t.install({
        who: {
          auth: ["user_cert"],
          code: "return { body: { ...request.caller, sameId: ccf.pemToId(request.caller.cert) === request.caller.id, keys: Object.keys(request.caller).sort() } };",
        },
      });
      await t.call("who", { as: u });
    }),
    scenario("member-cert", async (t) => {
      await t.install({ who: ep("member_cert") });
      await t.call("who", { label: "nobody" });
      await t.call("who", { label: "member0", as: t.members[0] });
      await t.call("who", { label: "member1 with data", as: t.members[1] });
      const u = t.user("dave");
      await t.gov.pass(act("set_user", { cert: u.cert }));
      await t.call("who", { label: "user", as: u });
      const m = identity("accepted only");
      t.names.set(m.id, "accepted-only");
      await t.gov.pass(act("set_member", { cert: m.cert }));
      await t.call("who", { label: "member in state Accepted", as: m });
      await t.gov.pass(act("remove_member", { member_id: m.id }));
      await t.call("who", { label: "removed member", as: m });
    }),
    scenario("any-cert", async (t) => {
      await t.install({ who: ep("any_cert") });
      await t.call("who", { label: "nobody" });
      await t.call("who", { label: "stranger P-256", as: t.user("s1") });
      await t.call("who", { label: "stranger RSA", as: t.user("s2", "RSA2048") });
      await t.call("who", { label: "member", as: t.members[2] });
    }),
    scenario("no-auth", async (t) => {
      await t.install({ who: ep("no_auth") });
      await t.call("who", { label: "nobody" });
      await t.call("who", { label: "member", as: t.members[0] });
      await t.call("who", { label: "with a broken token", headers: bearer("x.y.z") });
    }),
    scenario("policy-order", async (t) => {
      const u = t.user("erin");
      await t.gov.pass(act("set_user", { cert: u.cert }));
      await t.install({
        un: ep("user_cert", "no_auth"),
        nu: ep("no_auth", "user_cert"),
        um: ep("user_cert", "member_cert"),
        ma: ep("member_cert", "any_cert"),
        juc: ep("jwt", "user_cert", "member_cert"),
      });
      for (const e of ["un", "nu", "um", "ma", "juc"]) {
        await t.call(e, { label: `${e} nobody` });
        await t.call(e, { label: `${e} user`, as: u });
        await t.call(e, { label: `${e} member`, as: t.members[0] });
      }
    }),
    scenario("no-policies-and-unknown-policy", async (t) => {
      await t.install({
        none: { auth: [], code: "return { body: request.caller === null ? 'null caller' : request.caller };" },
        unknown: { auth: ["made_up"], code: "return { body: 1 };" },
        mixed: { auth: ["made_up", "no_auth"], code: "return { body: 2 };" },
      });
      await t.call("none");
      await t.call("unknown");
      await t.call("mixed");
    }),
    scenario("jwt-header-forms", async (t) => {
      await t.install({ who: ep("jwt") });
      await t.call("who", { label: "no header" });
      for (const [label, authorization] of [
        ["basic", "Basic abc"],
        ["one word", "Bearer"],
        ["lower case scheme", "bearer a.b.c"],
        ["two parts", "Bearer a.b"],
        ["four parts", "Bearer a.b.c.d"],
        ["garbage", "Bearer !!!.###.$$$"],
        ["not json", unsigned("x", "y")],
        ["json arrays", unsigned("[]", "[]")],
        ["empty objects", unsigned("{}", "{}")],
        ["no kid", unsigned('{"alg":"RS256"}', '{"iss":"x","exp":1}')],
        ["alg none", unsigned('{"alg":"none","kid":"k"}', '{"iss":"x","exp":1}', "")],
        ["no exp", unsigned('{"alg":"RS256","kid":"k"}', '{"iss":"x"}')],
        ["no iss", unsigned('{"alg":"RS256","kid":"k"}', '{"exp":1}')],
        ["exp is text", unsigned('{"alg":"RS256","kid":"k"}', '{"iss":"x","exp":"1"}')],
        ["unknown kid", unsigned('{"alg":"RS256","kid":"never-set"}', '{"iss":"x","exp":1}')],
      ] as const) {
        await t.call("who", { label, headers: { authorization } });
      }
    }),
    scenario("jwt-rsa", async (t) => {
      const k = generateKey("RSA2048");
      const other = generateKey("RSA2048");
      const kid = "rsa-kid-a";
      await setKeys(t, ISS, jwkOf(k, kid));
      await t.install({ who: ep("jwt") });
      const tok = (o: Token): { authorization: string } => bearer(jwt(k, { header: { kid }, ...o }));
      await t.call("who", { label: "good", headers: tok({ payload: { extra: { a: [1] } } }) });
      await t.call("who", {
        label: "good, other issuer in token, no constraint",
        headers: tok({ payload: { iss: "https://else.example" } }),
      });
      await t.call("who", { label: "expired", headers: tok({ payload: { exp: now() - 100 } }) });
      await t.call("who", { label: "not yet valid", headers: tok({ payload: { nbf: now() + 1000 } }) });
      await t.call("who", { label: "nbf in the past", headers: tok({ payload: { nbf: now() - 1000 } }) });
      await t.call("who", { label: "bad signature", headers: tok({ badSig: true }) });
      await t.call("who", { label: "signed by another key", headers: bearer(jwt(other, { header: { kid } })) });
      await t.call("who", { label: "wrong kid", headers: bearer(jwt(k, { header: { kid: "rsa-kid-zzz" } })) });
      await t.call("who", { label: "no iss", headers: tok({ payload: { iss: undefined } }) });
      await t.call("who", { label: "no exp", headers: tok({ payload: { exp: undefined } }) });
      await t.call("who", { label: "alg RS512 in header", headers: bearer(jwt(k, { header: { kid }, alg: "RS512" })) });
      await t.call("who", { label: "alg ES256 in header, RSA key", headers: bearer(jwt(k, { header: { kid }, alg: "ES256" })) });
      await dropIssuer(t, ISS);
      await t.call("who", { label: "after removal of the issuer", headers: tok({}) });
    }),
    scenario("jwt-x5c", async (t) => {
      const k = generateKey("RSA2048");
      const kid = "x5c-kid";
      const iss = "https://x5c.example/path";
      await setKeys(t, iss, jwkOf(k, kid, { x5c: true, issuer: iss }));
      await t.install({ who: ep("jwt") });
      await t.call("who", { label: "good", headers: bearer(jwt(k, { header: { kid }, payload: { iss } })) });
      await t.call("who", {
        label: "issuer differs from constraint",
        headers: bearer(jwt(k, { header: { kid }, payload: { iss: "https://x5c.example/other" } })),
      });
      await t.call("who", {
        label: "tid on a non-Entra issuer",
        headers: bearer(jwt(k, { header: { kid }, payload: { iss, tid: "t1" } })),
      });
      await dropIssuer(t, iss);
    }),
    scenario("jwt-entra-tenants", async (t) => {
      const k = generateKey("RSA2048");
      const kid = "entra-kid";
      const base = "https://login.microsoftonline.com";
      const tid = "11111111-2222-3333-4444-555555555555";
      const other = "99999999-2222-3333-4444-555555555555";
      const iss = `${base}/common/v2.0`;
      await setKeys(t, iss, jwkOf(k, kid, { issuer: `${base}/{tenantid}/v2.0` }));
      await t.install({ who: ep("jwt") });
      const call = (label: string, payload: Readonly<Record<string, unknown>>): Promise<Answer> =>
        t.call("who", { label, headers: bearer(jwt(k, { header: { kid }, payload })) });
      await call("right tenant", { iss: `${base}/${tid}/v2.0`, tid });
      await call("no tid", { iss: `${base}/${tid}/v2.0` });
      await call("tid of another tenant", { iss: `${base}/${tid}/v2.0`, tid: other });
      await call("literal placeholder", { iss: `${base}/{tenantid}/v2.0`, tid });
      await call("other host", { iss: `https://evil.example/${tid}/v2.0`, tid });
      await dropIssuer(t, iss);
    }),
    scenario("jwt-same-kid-two-issuers", async (t) => {
      const k1 = generateKey("RSA2048");
      const k2 = generateKey("RSA2048");
      const kid = "shared-kid";
      const a = "https://a.example";
      const b = "https://b.example";
      await setKeys(t, a, jwkOf(k1, kid, { issuer: a }));
      await setKeys(t, b, jwkOf(k2, kid, { issuer: b }));
      await t.install({ who: ep("jwt") });
      await t.call("who", { label: "first issuer", headers: bearer(jwt(k1, { header: { kid }, payload: { iss: a } })) });
      await t.call("who", { label: "second issuer", headers: bearer(jwt(k2, { header: { kid }, payload: { iss: b } })) });
      await t.call("who", { label: "first key, second issuer", headers: bearer(jwt(k1, { header: { kid }, payload: { iss: b } })) });
      await dropIssuer(t, a);
      await t.call("who", { label: "first issuer after its removal", headers: bearer(jwt(k1, { header: { kid }, payload: { iss: a } })) });
      await t.call("who", { label: "second issuer still works", headers: bearer(jwt(k2, { header: { kid }, payload: { iss: b } })) });
      await dropIssuer(t, b);
    }),
    scenario("jwt-or-cert", async (t) => {
      const k = generateKey("RSA2048");
      const kid = "jc-kid";
      const u = t.user("frank");
      await t.gov.pass(act("set_user", { cert: u.cert }));
      await setKeys(t, `${ISS}/jc`, jwkOf(k, kid));
      await t.install({ who: ep("jwt", "user_cert"), rev: ep("user_cert", "jwt"), opt: ep("jwt", "no_auth") });
      const h = bearer(jwt(k, { header: { kid } }));
      for (const e of ["who", "rev", "opt"]) {
        await t.call(e, { label: `${e} both`, headers: h, as: u });
        await t.call(e, { label: `${e} token`, headers: h });
        await t.call(e, { label: `${e} cert`, as: u });
        await t.call(e, { label: `${e} neither` });
        await t.call(e, { label: `${e} bad token and cert`, headers: bearer("a.b"), as: u });
      }
      await dropIssuer(t, `${ISS}/jc`);
    }),
    scenario("all-of", async (t) => {
      const k = generateKey("RSA2048");
      const kid = "allof-kid";
      const u = t.user("grace");
      await t.gov.pass(act("set_user", { cert: u.cert, user_data: { g: 1 } }));
      await setKeys(t, `${ISS}/allof`, jwkOf(k, kid));
      await t.install({
        who: { auth: [{ all_of: ["user_cert", "jwt"] }], code: WHO },
        alt: { auth: [{ all_of: ["user_cert", "jwt"] }, "user_cert"], code: WHO },
      });
      const h = bearer(jwt(k, { header: { kid } }));
      for (const e of ["who", "alt"]) {
        await t.call(e, { label: `${e} both`, headers: h, as: u });
        await t.call(e, { label: `${e} token only`, headers: h });
        await t.call(e, { label: `${e} cert only`, as: u });
        await t.call(e, { label: `${e} nothing` });
        await t.call(e, { label: `${e} cert and expired token`, as: u, headers: bearer(jwt(k, { header: { kid }, payload: { exp: 5 } })) });
      }
      await dropIssuer(t, `${ISS}/allof`);
    }),
    scenario("user-cose-sign1", async (t) => {
      const u = t.user("heidi", "P-384");
      const s = t.user("strange", "P-384");
      await t.gov.pass(act("set_user", { cert: u.cert, user_data: 7 }));
      await t.install({
        who: { method: "post", auth: ["user_cose_sign1"], code: WHO },
        raw: {
          method: "post",
          auth: ["user_cose_sign1"],
          code: "const b = new Uint8Array(request.body.arrayBuffer()); return { body: { first: b[0], bodyIsEnvelope: b.length > request.caller.cose.content.byteLength, keys: Object.keys(request.caller).sort(), cose: Object.keys(request.caller.cose).sort() } };",
        },
      });
      const H = { "content-type": "application/cose" };
      const phdr = (who: Identity, extra: readonly [string, Cbor][] = []): Headers =>
        new Map<number | string, Cbor>([[1, who.alg], [4, Buffer.from(who.id)], ...extra]);
      await t.call("who", { label: "good", headers: H, body: coseSign1(u, '{"x":1}', { protected: phdr(u) }) });
      await t.call("who", {
        label: "good with type and time",
        headers: H,
        body: coseSign1(u, "text", {
          protected: phdr(u, [
            ["ccf.msg.type", "mine"],
            ["ccf.msg.created_at", now()],
          ]),
        }),
      });
      await t.call("raw", { headers: H, body: coseSign1(u, "abc", { protected: phdr(u) }) });
      await t.call("who", { label: "stranger", headers: H, body: coseSign1(s, "x", { protected: phdr(s) }) });
      await t.call("who", { label: "bad signature", headers: H, body: coseSign1(u, "x", { protected: phdr(u), badSig: true }) });
      await t.call("who", {
        label: "wrong content type",
        headers: { "content-type": "application/json" },
        body: coseSign1(u, "x", { protected: phdr(u) }),
      });
      await t.call("who", { label: "no content type", body: coseSign1(u, "x", { protected: phdr(u) }) });
      await t.call("who", { label: "not cose", headers: H, body: "hello" });
      await t.call("who", { label: "no kid", headers: H, body: coseSign1(u, "x", { protected: new Map([[1, u.alg]]) }) });
      await t.call("who", { label: "cert session does not help", body: "x", as: u });
    }),
    scenario("authorisation-happens-before-the-handler", async (t) => {
      await t.install({
        w: { method: "post", auth: ["user_cert"], code: `table("conf_authn").set(S("k"), S("v")); return { body: 1 };` },
        r: `return { body: table("conf_authn").has(S("k")) };`,
      });
      await t.call("w", { label: "refused" });
      await t.call("r", { label: "nothing written" });
      await t.call("w", { label: "OPTIONS needs no credentials", method: "options" });
      await t.call("w", { label: "wrong verb is 405, not 401", method: "get" });
    }),
  ],
};
