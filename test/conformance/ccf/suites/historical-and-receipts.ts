import { createHash } from "node:crypto";
import { seqnoOf, type Answer } from "../answer.js";
import type { Operation } from "../bundle.js";
import { poll } from "../clock.js";
import { isObject, keysOf } from "../json.js";
import type { Play } from "../play.js";
import { noop } from "../proposal.js";
import { verifyReceipt, type Receipt } from "../receipt.js";
import type { StepOptions } from "../step.js";
import { scenario, type Suite } from "../suite.js";

/* Historical endpoints, state ranges, receipts and their cryptographic verification. */

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** Milliseconds that a service may take to bring back a transaction. */
const PATIENCE = 30_000;

/** Asks until the answer is not 202; only that one is recorded. */
async function settle(t: Play, label: string, path: string, options: StepOptions = {}): Promise<Answer> {
  const answer = await poll(
    () => t.client.request("GET", path, options),
    ({ status }) => status !== 202,
    PATIENCE,
  );
  return t.record(label, answer, options, `GET ${path}`);
}

/** The receipt of a transaction, recorded by its shape. */
const receiptOf = async (t: Play, label: string, path: string, options: StepOptions = {}): Promise<Receipt> =>
  (await settle(t, label, path, { ...options, pick: shape })).json as Receipt;

/** A value by names and types; of a list, its first item; of a proof, whether its steps are well-formed. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shape);
  if (!isObject(value)) return typeof value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(
    names.map((name) => {
      const field = value[name];
      return [name, name === "proof" && Array.isArray(field) ? { wellFormed: field.every(isProofStep) } : shape(field)];
    }),
  );
}

function isProofStep(step: object): boolean {
  const names = Object.keys(step);
  const digests = Object.values(step).map(String);
  return ["left", "right"].includes(names.join()) && digests.every((digest) => /^[0-9a-f]{64}$/.test(digest));
}

const at = (tx: string): StepOptions => ({ headers: { "x-ms-ccf-transaction-id": tx } });

function claimsIn({ leaf_components: parts }: Receipt): string {
  if (parts?.claims_digest === undefined) return "absent";
  return /^0{64}$/.test(parts.claims_digest) ? "zero" : "set";
}

/** The receipt with other components of its leaf. */
const changed = (receipt: Receipt, parts: Partial<Receipt["leaf_components"]>): Receipt =>
  receipt.leaf_components ? { ...receipt, leaf_components: { ...receipt.leaf_components, ...parts } } : receipt;

const W = (table: string): Operation => ({
  method: "post",
  code: `table("${table}").set(S(request.query), S(request.body.text())); return { body: "ok" };`,
});

/** How often writes are made again. */
const ATTEMPTS = 20;

/**
 * Records three writes, of a, b and c, that follow each other without a signature of the service between them, which would be a state of
 * the range too; where there is one, the writes are made again.
 *
 * @returns their seqnos
 */
async function threeWrites(t: Play, path: string): Promise<[number, number, number]> {
  const write = async (body: string): Promise<Answer> => t.client.request("POST", path, { body });
  for (let attempt = 1; ; attempt++) {
    const [first, second, third] = [await write("a"), await write("b"), await write("c")];
    const [a, b, c] = [seqnoOf(first.tx), seqnoOf(second.tx), seqnoOf(third.tx)];
    if (c - a === 2 || attempt === ATTEMPTS) {
      t.record("write a", first, { write: true }, `POST ${path}`);
      t.record("write b", second, { write: true }, `POST ${path}`);
      t.record("write c", third, { write: true }, `POST ${path}`);
      return [a, b, c];
    }
  }
}

export const historicalAndReceipts: Suite = {
  name: "historical-and-receipts",
  title: "historical queries and receipts",

  scenarios: [
    scenario("receipt-of-a-write", async (t) => {
      await t.install({ w: W("conf_rc1") });
      const w = await t.call("w", { query: "k", body: "v", write: true });
      await t.client.waitCommitted(w.tx);
      const receipt = await receiptOf(t, "receipt", `/app/receipt?transaction_id=${w.tx}`);
      const service = t.stage.serviceCertificate;
      const { ok, problems, isSignature } = verifyReceipt(receipt, { service });
      t.note("verifies", { ok, problems, signature: isSignature });
      const { commit_evidence: evidence = "" } = receipt.leaf_components ?? {};
      t.note("leaf components", {
        keys: keysOf(receipt.leaf_components ?? {}),
        evidence: /^ce:\d+\.\d+:[0-9a-f]{64}$/.test(evidence),
        evidenceTx: evidence.split(":")[1] === w.tx,
        claims: claimsIn(receipt),
      });
      t.note("node id", receipt.node_id === t.stage.nodeId);
      const bad = changed(receipt, { write_set_digest: "00".repeat(32) });
      t.note("a changed leaf does not verify", verifyReceipt(bad, { service }).ok);
      await settle(t, "again, from cache", `/app/receipt?transaction_id=${w.tx}`, { pick: shape });
    }),
    scenario("receipt-with-claims", async (t) => {
      await t.install({
        w: {
          method: "post",
          code: `table("conf_rc2").set(S("k"), S("v")); ccf.rpc.setClaimsDigest(ccf.crypto.digest("SHA-256", S("my claims"))); return {};`,
        },
        plain: { method: "post", code: `table("conf_rc2").set(S("k"), S("p")); return {};` },
      });
      const w = await t.call("w", { write: true });
      await t.client.waitCommitted(w.tx);
      const receipt = await receiptOf(t, "receipt", `/app/receipt?transaction_id=${w.tx}`);
      t.note("claims digest is the one set", receipt.leaf_components?.claims_digest === sha256("my claims"));
      t.note("verifies", verifyReceipt(receipt, { service: t.stage.serviceCertificate }).ok);
      t.note("changed claims do not verify", verifyReceipt(changed(receipt, { claims_digest: "11".repeat(32) })).ok);
      const open = changed(receipt, { claims_digest: undefined });
      const claims = Buffer.from(sha256("my claims"), "hex");
      t.note("claims can be supplied by the verifier", [verifyReceipt(open).ok, verifyReceipt(open, { claims }).ok]);
    }),
    scenario("claims-digest-arguments", async (t) => {
      await t.callAll({
        args: {
          method: "post",
          code: `const f = ccf.rpc.setClaimsDigest; return { body: [attempt(() => f()), attempt(() => f("x")), attempt(() => f(new ArrayBuffer(31))), attempt(() => f(new ArrayBuffer(33))), attempt(() => f(new Uint8Array(32))), attempt(() => f(new ArrayBuffer(32))), attempt(() => f(new ArrayBuffer(32), 1))] };`,
        },
        readonly: { mode: "readonly", code: `return { body: attempt(() => ccf.rpc.setClaimsDigest(new ArrayBuffer(32))) };` },
      });
    }),
    scenario("receipt-errors", async (t) => {
      await t.get("missing", "/app/receipt");
      await t.get("malformed", "/app/receipt?transaction_id=abc");
      await t.get("far future", "/app/receipt?transaction_id=2.10000000");
      await t.get("later view", "/app/receipt?transaction_id=9.1");
      await t.get("earlier view", "/app/receipt?transaction_id=1.1");
      await t.get("node receipt missing", "/node/receipt");
      await t.get("gov receipt", "/gov/receipt");
    }),
    scenario("receipt-of-a-governance-transaction", async (t) => {
      const p = await t.gov.create(t.members[0], noop("receipt"));
      t.names.count("proposal", p.proposalId);
      await t.client.waitCommitted(p.tx);
      for (const fe of ["app", "node"]) {
        const receipt = await receiptOf(t, fe, `/${fe}/receipt?transaction_id=${p.tx}`);
        t.note(`${fe} verifies`, verifyReceipt(receipt, { service: t.stage.serviceCertificate }));
        t.note(`${fe} claims`, claimsIn(receipt));
      }
    }),
    scenario("historical-endpoint", async (t) => {
      await t.install({
        w: W("conf_h1"),
        h: {
          mode: "historical",
          code: `const st = ccf.historicalState; const m = st.kv["conf_h1"]; return { body: { tx: st.transactionId === request.query.split("=")[1] || st.transactionId === request.headers["x-ms-ccf-transaction-id"], value: U(m.get(S("k"))), size: m.size, stateKeys: Object.keys(st).sort(), receiptKeys: Object.keys(st.receipt).sort() } };`,
        },
      });
      const a = await t.call("w", { label: "first", query: "k", body: "one", write: true });
      const b = await t.call("w", { label: "second", query: "k", body: "two", write: true });
      await t.client.waitCommitted(b.tx);
      await settle(t, "as of the first, by header", "/app/h", at(a.tx));
      await settle(t, "as of the second, by header", "/app/h", at(b.tx));
      await settle(t, "as of the first, by query", `/app/h?transaction_id=${a.tx}`);
      await t.get("no transaction id", "/app/h");
      await t.get("malformed header", "/app/h", at("x"));
      await t.get("far future", "/app/h", at("2.10000000"));
      await t.get("other view", "/app/h", at("7.5"));
    }),
    scenario("historical-first-answer", async (t) => {
      await t.install({
        w: W("conf_h2"),
        h: { mode: "historical", code: `return { body: U(ccf.historicalState.kv["conf_h2"].get(S("k"))) };` },
      });
      const a = await t.call("w", { query: "k", body: "one", write: true });
      await t.client.waitCommitted(a.tx);
      await t.get("first request for the transaction", "/app/h", at(a.tx));
      await settle(t, "then", "/app/h", at(a.tx));
    }),
    scenario("historical-state-is-read-only-and-closed", async (t) => {
      await t.install({
        w: W("conf_h3"),
        h: {
          mode: "historical",
          code: `const m = ccf.historicalState.kv["conf_h3"]; const o = {}; for (const n of ["set", "delete", "clear"]) o[n] = attempt(() => m[n](S("k"), S("x"))); o.has = m.has(S("k")); o.each = []; m.forEach((v, k) => { o.each.push([U(k), U(v)]); }); o.version = attempt(() => typeof m.getVersionOfPreviousWrite(S("k"))); o.otherTable = ccf.historicalState.kv["conf_h3_other"].size; o.names = Object.keys(m).sort(); o.live = U(ccf.kv["conf_h3"].get(S("k"))); o.gov = attempt(() => ccf.historicalState.kv["public:ccf.gov.members.info"].size); o.priv = attempt(() => ccf.historicalState.kv["ccf.internal.x"].size); return { body: o };`,
        },
      });
      const a = await t.call("w", { query: "k", body: "old", write: true });
      const b = await t.call("w", { query: "k", body: "new", write: true });
      await t.client.waitCommitted(b.tx);
      await settle(t, "inspect", "/app/h", at(a.tx));
    }),
    scenario("state-range", async (t) => {
      await t.install({
        w: W("conf_h4"),
        range: {
          mode: "readonly",
          code: `const [h, a, b, s] = request.query.split(",").map(Number); const st = ccf.historical.getStateRange(h, a, b, s); if (st === null) return { statusCode: 202, headers: { "retry-after": "1" }, body: "not yet" }; return { body: { n: st.length, isArray: Array.isArray(st), keys: Object.keys(st[0]).sort(), values: st.map((x) => { const v = x.kv["conf_h4"].get(S("k")); return v === undefined ? null : U(v); }).filter((v, i, all) => i === 0 || v !== all[i - 1]), ids: st.map((x, i) => Number(x.transactionId.split(".")[1]) === a + i).every((x) => x) } };`,
        },
        drop: { mode: "readonly", code: `return { body: ccf.historical.dropCachedStates(Number(request.query)) };` },
      });
      const [first, second, third] = await threeWrites(t, "/app/w?k");
      await t.client.waitCommitted(`2.${third}`);
      const h = 7001;
      await settle(t, "range over the three", `/app/range?${h},${first},${third},60`, {
        pick: (range: { n: number }) => ({ ...range, n: range.n === third - first + 1 }),
      });
      await t.get("one state", `/app/range?${h},${second},${second},60`, {
        pick: (range: string | { n: number; values: unknown }) =>
          typeof range === "string" ? range : { n: range.n, values: range.values },
      });
      await t.call("drop", { label: "drop", query: String(h) });
      await t.call("drop", { label: "drop again", query: String(h) });
    }),
    scenario("state-range-arguments", async (t) => {
      await t.callAll({
        args: {
          mode: "readonly",
          code: `const g = ccf.historical.getStateRange, d = ccf.historical.dropCachedStates; return { body: { none: attempt(() => g()), three: attempt(() => g(1, 2, 3)), negative: attempt(() => g(-1, 1, 2, 3)), reversed: attempt(() => g(8001, 5, 2, 10)), future: attempt(() => g(8002, 100000000, 100000001, 10)), text: attempt(() => g("x", 1, 2, 3)), zero: attempt(() => g(8003, 0, 0, 10)), dropNone: attempt(() => d()), dropNegative: attempt(() => d(-1)), dropUnknown: attempt(() => d(123456)) } };`,
        },
      });
    }),
    scenario("receipt-inside-a-historical-endpoint", async (t) => {
      await t.install({
        w: {
          method: "post",
          code: `table("conf_h5").set(S("k"), S("v")); ccf.rpc.setClaimsDigest(ccf.crypto.digest("SHA-256", S("inside"))); return {};`,
        },
        h: { mode: "historical", code: `return { body: ccf.historicalState.receipt };` },
      });
      const a = await t.call("w", { write: true });
      await t.client.waitCommitted(a.tx);
      const inside = await receiptOf(t, "receipt", "/app/h", at(a.tx));
      t.note("verifies", verifyReceipt(inside, { service: t.stage.serviceCertificate }));
      const { json } = await poll(
        () => t.client.request("GET", `/app/receipt?transaction_id=${a.tx}`),
        ({ status }) => status === 200,
      );
      const outside = json as Receipt;
      const leafs = [inside, outside].map(({ leaf_components: parts = {} }) => JSON.stringify(Object.entries(parts).sort()));
      t.note("same leaf as /app/receipt", leafs[0] === leafs[1]);
      t.note("fields of both", [keysOf(inside), keysOf(outside)]);
      const [cert, other] = [inside, outside].map((receipt) => receipt.cert.replace(/\s/g, ""));
      t.note("cert is the same", cert === other);
    }),
  ],
};
