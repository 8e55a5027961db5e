import { X509Certificate } from "node:crypto";
import { keysOf } from "../json.js";
import { scenario, type Suite } from "../suite.js";
import { handshake } from "../tls.js";
import { keyIdOf } from "../x509.js";

/* The /node tree, and the endpoints that every frontend has (commit, tx). */

const ZERO = "0".repeat(64);

type Fields = Readonly<Record<string, unknown>>;
type State = { readonly node_id: string; readonly state: string; readonly recovery_target_seqno?: number; readonly stop_notice?: boolean };
type Nodes = { readonly nodes: readonly Fields[] };
type Consensus = {
  readonly details?: {
    readonly leadership_state?: string;
    readonly leadership?: string;
    readonly primary_id?: string;
    readonly membership_state?: string;
    readonly configs?: readonly unknown[];
  };
};
type Quote = { readonly format: string; readonly node_id: string };
type Commit = { readonly transaction_id: string; readonly view_history?: readonly string[] };

export const nodeEndpoints: Suite = {
  name: "node-endpoints",
  title: "node endpoints",

  scenarios: [
    scenario("version", async (t) => {
      await t.get("version", "/node/version", { soft: [".body.json"] });
      await t.get("version keys", "/node/version", { pick: keysOf });
    }),
    scenario("state", async (t) => {
      await t.get("state", "/node/state", {
        pick: (j: State) => ({
          keys: keysOf(j),
          node: j.node_id,
          state: j.state,
          types: Object.fromEntries(Object.entries(j).map(([k, v]) => [k, typeof v])),
          recovery: j.recovery_target_seqno ?? null,
          stop: j.stop_notice ?? null,
        }),
      });
    }),
    scenario("network", async (t) => {
      const r = await t.get("network", "/node/network", { pick: (j: Fields) => ({ ...j, current_view: typeof j.current_view }) });
      const service = new X509Certificate(r.field("service_certificate"));
      t.note("service certificate", {
        selfSigned: service.checkIssued(service),
        subject: service.subject,
        ca: service.ca,
        keyType: service.publicKey.asymmetricKeyDetails?.namedCurve,
      });
    }),
    scenario("network-nodes", async (t) => {
      const norm = (node: Fields): Fields => ({ ...node, last_written: typeof node.last_written });
      await t.get("list", "/node/network/nodes", { pick: (j: Nodes) => ({ keys: keysOf(j), nodes: j.nodes.map(norm) }) });
      await t.get("by id", `/node/network/nodes/${t.stage.nodeId}`, { pick: norm });
      await t.get("self redirects", "/node/network/nodes/self");
      await t.get("primary redirects", "/node/network/nodes/primary");
      await t.get("unknown", `/node/network/nodes/${ZERO}`);
      await t.get("filter trusted", "/node/network/nodes?status=Trusted", { pick: (j: Nodes) => j.nodes.length });
      await t.get("filter pending", "/node/network/nodes?status=Pending", { pick: (j: Nodes) => j.nodes });
      await t.get("filter nonsense", "/node/network/nodes?status=Nonsense");
      await t.get("filter host", "/node/network/nodes?host=1.2.3.4", { pick: (j: Nodes) => j.nodes });
      await t.get("removable", "/node/network/removable_nodes");
    }),
    scenario("primary", async (t) => {
      await t.req("HEAD", "HEAD", "/node/primary");
      await t.get("GET", "/node/primary");
      await t.get("backup", "/node/backup");
    }),
    scenario("consensus", async (t) => {
      await t.get("consensus", "/node/consensus", {
        pick: (j: Consensus) => ({
          keys: keysOf(j),
          details: keysOf(j.details),
          leadership: j.details?.leadership_state ?? j.details?.leadership,
          primary: j.details?.primary_id,
          membership: j.details?.membership_state,
          configs: j.details?.configs?.length,
        }),
        soft: [".body.json"],
      });
      await t.get("config", "/node/config", { pick: (j: unknown) => ({ keys: keysOf(j) }), soft: [".body.json"] });
    }),
    scenario("ready", async (t) => {
      await t.get("app", "/node/ready/app");
      await t.get("gov", "/node/ready/gov");
    }),
    scenario("service-configuration", async (t) => {
      await t.get("configuration", "/node/service/configuration");
      await t.get("previous identity", "/node/service/previous_identity");
    }),
    scenario("quotes", async (t) => {
      const q = (j: Quote): unknown => ({ keys: keysOf(j), format: j.format, node: j.node_id });
      await t.get("quotes/self", "/node/quotes/self", { pick: q, soft: [".body.json.keys"] });
      await t.get("quotes", "/node/quotes", {
        pick: (j: { quotes?: readonly Quote[] }) => ({ keys: keysOf(j), quotes: (j.quotes ?? []).map(q) }),
        soft: [".body.json.quotes"],
      });
      await t.get("attestations/self", "/node/attestations/self", { pick: q, soft: [".body.json.keys"] });
      await t.get("attestations", "/node/attestations", {
        pick: (j: { attestations?: readonly unknown[] }) => ({ keys: keysOf(j), n: (j.attestations ?? []).length }),
      });
    }),
    scenario("self-signed-certificate", async (t) => {
      const r = await t.get("certificate", "/node/self_signed_certificate");
      t.note("public key digest is the node id", keyIdOf(r.field("self_signed_certificate")) === t.stage.nodeId);
    }),
    scenario("commit-and-tx", async (t) => {
      for (const fe of ["node", "app", "gov"]) {
        await t.get(`${fe} commit`, `/${fe}/commit`, {
          pick: (j: Commit) => ({ keys: keysOf(j), form: /^\d+\.\d+$/.test(j.transaction_id) }),
        });
        await t.get(`${fe} commit with history`, `/${fe}/commit?view_history=true`, {
          pick: (j: Commit) => ({ keys: keysOf(j), history: j.view_history }),
        });
      }
      const committed = (await t.client.request("GET", "/node/commit")).field("transaction_id");
      for (const fe of ["node", "app", "gov"]) await t.get(`${fe} tx committed`, `/${fe}/tx?transaction_id=${committed}`);
      await t.get("tx missing", "/node/tx");
      await t.get("tx malformed", "/node/tx?transaction_id=abc");
      await t.get("tx malformed 2", "/node/tx?transaction_id=2");
      await t.get("tx malformed 3", "/node/tx?transaction_id=2.x");
      await t.get("tx zero", "/node/tx?transaction_id=0.0");
      await t.get("tx far future", "/node/tx?transaction_id=2.100000000");
      await t.get("tx later view", "/node/tx?transaction_id=7.2");
      await t.get("tx first", "/node/tx?transaction_id=2.1");
      await t.get("tx earlier view", "/node/tx?transaction_id=1.1");
    }),
    scenario("view-history", async (t) => {
      await t.get("true", "/node/commit?view_history=true", { pick: (j: Commit) => j.view_history });
      await t.get("false", "/node/commit?view_history=false", { pick: keysOf });
      await t.get("junk", "/node/commit?view_history=maybe");
      await t.get("since 1", "/node/commit?view_history_since=1", { pick: (j: Commit) => j.view_history });
      await t.get("since 2", "/node/commit?view_history_since=2", { pick: (j: Commit) => j.view_history });
      await t.get("since 3", "/node/commit?view_history_since=3", { pick: (j: Commit) => j.view_history ?? null });
      await t.get("both", "/node/commit?view_history=true&view_history_since=1", {});
      await t.get("since junk", "/node/commit?view_history_since=x");
    }),
    scenario("unknown-paths", async (t) => {
      for (const p of [
        "/",
        "/node",
        "/node/",
        "/node/nope",
        "/gov",
        "/gov/",
        "/app",
        "/app/",
        "/.well-known/acme-challenge/x",
        "/nope/x",
      ]) {
        await t.get(p, p);
      }
      await t.req("PUT known path", "PUT", "/node/version");
      await t.req("OPTIONS known path", "OPTIONS", "/node/version");
      await t.req("HEAD known path", "HEAD", "/node/version");
      await t.req("POST commit", "POST", "/node/commit", { body: "{}" });
    }),
    scenario("tls-endorsement", async (t) => {
      const a = await handshake(t.stage.url, t.stage.serviceCertificate);
      t.note("node certificate chains to the service certificate", {
        authorized: a.authorized,
        error: a.error,
        issuer: a.issuer,
        subject: a.subject,
      });
      t.note("SAN has the address", String(a.san).includes(new URL(t.stage.url).hostname));
      const b = await handshake(t.stage.url, t.members[0].cert);
      t.note("another CA does not verify", b.authorized);
    }),
  ],
};
