import { constants, createHash, privateDecrypt } from "node:crypto";
import type { Answer } from "../answer.js";
import { endpoint, type Endpoint, type Mode, type Policy } from "../bundle.js";
import { poll } from "../clock.js";
import { generateKey, publicPem, type Identity } from "../identity.js";
import { jwkOf, jwt } from "../jwt.js";
import { act } from "../proposal.js";
import { verifyReceipt, type Receipt } from "../receipt.js";
import { snpReports } from "../snpReports.js";
import { scenario, type Suite } from "../suite.js";

/* Whole applications: several modules, several kinds of callers, many steps. */

const ep = (module: string, name: string, auth: readonly Policy[], mode: Mode = "readwrite"): Endpoint =>
  endpoint(module, name, auth, mode, "always");

/** A typed table in the manner of the usual app libraries. */
const TYPED = `
export const string = { encode: (x) => ccf.strToBuf(x), decode: (b) => ccf.bufToStr(b) };
export const json = () => ({ encode: (x) => ccf.jsonCompatibleToBuf(x), decode: (b) => ccf.bufToJsonCompatible(b) });
export const uint64 = { encode (x) { const b = new ArrayBuffer(8); new DataView(b).setBigUint64(0, BigInt(x), true); return b; }, decode (b) { return Number(new DataView(b).getBigUint64(0, true)); } };
class Typed {
  constructor (kv, kt, vt) { this.kv = kv; this.kt = kt; this.vt = vt; }
  has (k) { return this.kv.has(this.kt.encode(k)); }
  get (k) { const v = this.kv.get(this.kt.encode(k)); return v === undefined ? undefined : this.vt.decode(v); }
  set (k, v) { this.kv.set(this.kt.encode(k), this.vt.encode(v)); return this; }
  delete (k) { this.kv.delete(this.kt.encode(k)); }
  clear () { this.kv.clear(); }
  get size () { return this.kv.size; }
  forEach (f) { this.kv.forEach((v, k) => { f(this.vt.decode(v), this.kt.decode(k), this); }); }
}
export const typedKv = (nameOrMap, kt, vt) => new Typed(typeof nameOrMap === "string" ? ccf.kv[nameOrMap] : nameOrMap, kt, vt);
`;

export const appFlows: Suite = {
  name: "app-flows",
  title: "whole applications",

  scenarios: [
    scenario("record-keeping", async (t) => {
      const u = t.user("writer");
      const v = t.user("reader");
      await t.gov.pass([
        act("set_user", { cert: u.cert, user_data: { role: "writer" } }),
        act("set_user", { cert: v.cert, user_data: { role: "reader" } }),
      ]);
      await t.gov.setApp({
        metadata: {
          endpoints: {
            "/records/{id}": {
              get: ep("src/records.js", "get", ["user_cert"], "readonly"),
              put: ep("src/records.js", "put", ["user_cert"]),
              delete: ep("src/records.js", "remove", ["user_cert"]),
            },
            "/records": { get: ep("src/records.js", "list", ["user_cert"], "readonly") },
            "/history/{id}": { get: ep("src/records.js", "history", ["user_cert"], "historical") },
          },
        },
        modules: [
          { name: "src/typed.js", module: TYPED },
          {
            name: "src/errors.js",
            module: `export const fail = (statusCode, code, message) => ({ statusCode, body: { error: { code, message } } });`,
          },
          {
            name: "src/records.js",
            module: `import { typedKv, string, json } from "./typed.js"; import { fail } from "./errors.js";
const records = () => typedKv("records", string, json()); const audit = () => typedKv("public:records.audit", string, json());
const writer = (request) => request.caller.data && request.caller.data.role === "writer";
export function put (request) { if (!writer(request)) return fail(403, "Forbidden", "only writers may write"); let doc; try { doc = request.body.json(); } catch (e) { return fail(400, "BadBody", "not JSON"); } const old = records().get(request.params.id); records().set(request.params.id, { doc, rev: old ? old.rev + 1 : 1 }); audit().set(request.params.id, { by: request.caller.id, rev: old ? old.rev + 1 : 1 }); ccf.rpc.setClaimsDigest(ccf.crypto.digest("SHA-256", ccf.strToBuf(request.params.id + ":" + JSON.stringify(doc)))); return { statusCode: old ? 200 : 201, body: { rev: old ? old.rev + 1 : 1 } }; }
export function get (request) { const r = records().get(request.params.id); return r === undefined ? fail(404, "NotFound", "no record " + request.params.id) : { body: r }; }
export function remove (request) { if (!writer(request)) return fail(403, "Forbidden", "only writers may write"); if (!records().has(request.params.id)) return fail(404, "NotFound", "no record"); records().delete(request.params.id); return { statusCode: 204 }; }
export function list (request) { const all = []; records().forEach((v, k) => { all.push({ id: k, rev: v.rev }); }); all.sort((a, b) => (a.id < b.id ? -1 : 1)); const limit = Number((/limit=(\\d+)/.exec(request.query) || [])[1] || 100); return { body: { count: all.length, value: all.slice(0, limit) } }; }
export function history (request) { const r = typedKv(ccf.historicalState.kv["records"], string, json()).get(request.params.id); return { body: { then: r === undefined ? null : r, now: records().get(request.params.id) ?? null } }; }`,
          },
        ],
      });
      const put = (label: string, id: string, as: Identity, body: string): Promise<Answer> =>
        t.req(label, "PUT", `/app/records/${id}`, { as, body, headers: { "content-type": "application/json" } });
      const first = await put("create a", "a", u, '{"n":1}');
      await put("create b", "b", u, '{"n":2}');
      await put("reader may not", "a", v, '{"n":9}');
      await put("bad body", "a", u, "{");
      const second = await put("update a", "a", u, '{"n":3}');
      await t.get("read a", "/app/records/a", { as: v });
      await t.get("read missing", "/app/records/zzz", { as: v });
      await t.get("list", "/app/records", { as: v });
      await t.get("list one", "/app/records?limit=1", { as: v });
      await t.get("no certificate", "/app/records");
      await t.req("delete b", "DELETE", "/app/records/b", { as: u });
      await t.req("delete b again", "DELETE", "/app/records/b", { as: u });
      await t.client.waitCommitted(second.tx);
      const h = await poll(
        () => t.client.request("GET", "/app/history/a", { as: v, headers: { "x-ms-ccf-transaction-id": first.tx } }),
        (r) => r.status !== 202,
      );
      t.record("a as first written", h, {}, "GET /app/history/a");
      const receipt = await poll(
        () => t.client.request("GET", `/app/receipt?transaction_id=${first.tx}`),
        (r) => r.status === 200,
      );
      const bound = receipt.json as Receipt;
      t.note("receipt binds the document", [
        verifyReceipt(bound, { service: t.stage.serviceCertificate }).ok,
        bound.leaf_components?.claims_digest === createHash("sha256").update('a:{"n":1}').digest("hex"),
      ]);
    }),
    scenario("token-protected-counter", async (t) => {
      const k = generateKey("RSA2048");
      const iss = "https://flows.example";
      const kid = "flow-kid";
      await t.gov.pass([
        act("set_jwt_issuer", { issuer: iss }),
        act("set_jwt_public_signing_keys", { issuer: iss, jwks: { keys: [jwkOf(k, kid, { issuer: iss })] } }),
      ]);
      await t.gov.setApp({
        metadata: {
          endpoints: {
            "/count": { post: ep("c.js", "inc", ["jwt"]), get: ep("c.js", "get", ["jwt", "member_cert"], "readonly") },
            "/reset": { post: ep("c.js", "reset", ["member_cert"]) },
          },
        },
        modules: [
          { name: "typed.js", module: TYPED },
          {
            name: "c.js",
            module: `import { typedKv, string, uint64 } from "./typed.js"; const t = () => typedKv("flow_counts", string, uint64); const who = (r) => (r.caller.policy === "jwt" ? r.caller.jwt.payload.sub : (/sub=(\\w+)/.exec(r.query) || [])[1]);
export function inc (r) { const s = who(r); const by = r.body.text().length ? r.body.json().by : 1; if (!Number.isInteger(by)) return { statusCode: 400, body: { error: { code: "BadStep", message: String(by) } } }; const n = (t().get(s) ?? 0) + by; t().set(s, n); return n > 100 ? { statusCode: 409, body: { error: { code: "TooHigh", message: "limit" } } } : { body: { sub: s, n } }; }
export function get (r) { return { body: { sub: who(r), n: t().get(who(r)) ?? 0, by: r.caller.policy } }; }
export function reset (r) { t().clear(); return { statusCode: 204 }; }`,
          },
        ],
      });
      const tok = (sub: string, more: object = {}): { authorization: string } => ({
        authorization: `Bearer ${jwt(k, { header: { kid }, payload: { iss, sub, ...more } })}`,
      });
      await t.post("ann 1", "/app/count", null, { headers: tok("ann") });
      await t.post("ann +5", "/app/count", { by: 5 }, { headers: tok("ann") });
      await t.post("bob 1", "/app/count", null, { headers: tok("bob") });
      await t.post("bad step", "/app/count", { by: "x" }, { headers: tok("ann") });
      await t.post("too high is rolled back", "/app/count", { by: 1000 }, { headers: tok("ann") });
      await t.get("ann reads", "/app/count", { headers: tok("ann") });
      await t.get("member reads bob", "/app/count?sub=bob", { as: t.members[0] });
      await t.get("expired token", "/app/count", { headers: tok("ann", { exp: 100 }) });
      await t.post("ann may not reset", "/app/reset", null, { headers: tok("ann") });
      await t.post("member resets", "/app/reset", null, { as: t.members[1] });
      await t.get("ann starts over", "/app/count", { headers: tok("ann") });
    }),
    scenario(
      "key-release-to-an-attested-caller",
      async (t) => {
        const { evidence, endorsements, uvm } = snpReports().signing;
        await t.gov.setApp({
          metadata: {
            endpoints: {
              "/policy": { post: ep("k.js", "setPolicy", ["member_cert"]) },
              "/key": { post: ep("k.js", "release", ["no_auth"]) },
            },
          },
          modules: [
            {
              name: "k.js",
              module: `const unhex = (s) => new Uint8Array((s.match(/../g) || []).map((x) => parseInt(x, 16))).buffer; const hex = (b) => Array.from(new Uint8Array(b)).map((x) => x.toString(16).padStart(2, "0")).join("");
export function setPolicy (r) { ccf.kv["public:flow_policy"].set(ccf.strToBuf("host_data"), ccf.strToBuf(r.body.json().host_data)); return { statusCode: 204 }; }
export function release (r) { const q = r.body.json(); let a; try { a = snp_attestation.verifySnpAttestation(unhex(q.report), unhex(q.certs), unhex(q.uvm)); } catch (e) { return { statusCode: 403, body: { error: { code: "AttestationInvalid", message: e.message } } }; }
  const p = ccf.kv["public:flow_policy"].get(ccf.strToBuf("host_data")); if (p === undefined) return { statusCode: 403, body: { error: { code: "NoPolicy", message: "no policy" } } }; if (ccf.bufToStr(p) !== hex(a.attestation.host_data)) return { statusCode: 403, body: { error: { code: "PolicyMismatch", message: "host data" } } };
  if (hex(ccf.crypto.digest("SHA-256", ccf.strToBuf(q.publicKey))) !== hex(a.attestation.report_data).slice(0, 64) && !q.demo) return { statusCode: 403, body: { error: { code: "KeyMismatch", message: "report data" } } };
  const s = ccf.kv["flow_secret"]; const id = ccf.strToBuf("aes"); if (!s.has(id)) s.set(id, ccf.crypto.generateAesKey(256)); return { body: { size: s.get(id).byteLength, wrapped: hex(ccf.crypto.wrapKey(s.get(id), ccf.strToBuf(q.publicKey), { name: "RSA-OAEP" })), feed: a.uvm_endorsements.feed } }; }`,
            },
          ],
        });
        const k = generateKey("RSA2048");
        const [report, certs, endorsed] = [evidence, endorsements, uvm].map((part) => part.toString("hex"));
        const q = { report, certs, uvm: endorsed, publicKey: publicPem(k) };
        const host = evidence.subarray(0xc0, 0xe0).toString("hex");
        await t.post("no policy yet", "/app/key", { ...q, demo: true });
        await t.post("policy needs a member", "/app/policy", { host_data: host });
        await t.post("wrong policy", "/app/policy", { host_data: "00" }, { as: t.members[0] });
        await t.post("policy mismatch", "/app/key", { ...q, demo: true });
        await t.post("right policy", "/app/policy", { host_data: host }, { as: t.members[0] });
        await t.post("report is for another key", "/app/key", q);
        await t.post("tampered report", "/app/key", { ...q, report: q.report?.replace(/^03/, "04"), demo: true });
        const r1 = await t.post(
          "released",
          "/app/key",
          { ...q, demo: true },
          {
            pick: ({ size, feed, wrapped }: { size: number; feed: string; wrapped?: string }) => ({ size, feed, wrapped: wrapped?.length }),
          },
        );
        const r2 = await t.client.request("POST", "/app/key", { body: JSON.stringify({ ...q, demo: true }) });
        const oaep = { key: k, oaepHash: "sha256", padding: constants.RSA_PKCS1_OAEP_PADDING };
        const [first, second] = [r1.field("wrapped"), r2.field("wrapped")];
        const [key, again] = [first, second].map((wrapped) => privateDecrypt(oaep, Buffer.from(wrapped, "hex")).toString("hex"));
        t.note("same key twice, wrapped differently", [key === again, first !== second]);
      },
      "snp-reports",
    ),
  ],
};
