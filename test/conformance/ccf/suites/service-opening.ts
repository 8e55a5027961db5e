import { poll } from "../clock.js";
import { identity, type Identity } from "../identity.js";
import { keysOf } from "../json.js";
import { act, API, noop } from "../proposal.js";
import { scenario, type Suite } from "../suite.js";

/* From a fresh service in state Opening to Open. The scenarios depend on each other and run in this order. */

type Member = { readonly status: string; readonly memberData: unknown; readonly recoveryRole: string };
const digestUrl = ({ id }: Identity, verb: string): string => `/gov/members/state-digests/${id}:${verb}?api-version=${API}`;

export const serviceOpening: Suite = {
  name: "service-opening",
  title: "opening a fresh service",
  fresh: true,
  scenarios: [
    scenario("before-any-ack", async (t) => {
      await t.govGet("info", "/service/info");
      for (const [i, m] of t.members.entries()) {
        await t.govGet(`member${i}`, `/service/members/${m.id}`, {
          pick: (j: Member) => ({ status: j.status, data: j.memberData, role: j.recoveryRole }),
        });
      }
      await t.govGet("no digest yet", `/members/state-digests/${t.members[0].id}`);
      await t.create("accepted member cannot propose", 0, noop("early"));
      await t.govGet("no proposals", "/members/proposals");
      await t.govGet("no users", "/service/users");
      await t.govGet("empty app", "/service/javascript-app");
      await t.govGet("no keys", "/service/jwk");
      await t.get("app is closed", "/app/anything");
      await t.get("app api is closed", "/app/api");
      await t.get("app commit is closed", "/app/commit");
      await t.get("root path is closed", "/anything");
      await t.get("node answers", "/node/network", {
        pick: (j: { service_status: string; recovery_count: number }) => ({
          keys: keysOf(j),
          status: j.service_status,
          recovery: j.recovery_count,
        }),
      });
      await t.get("ready/app", "/node/ready/app");
      await t.get("ready/gov", "/node/ready/gov");
    }),
    scenario("acks", async (t) => {
      const [first] = t.members;
      await poll(
        () => t.client.cose(digestUrl(first, "update"), first, "", { type: "state_digest" }),
        ({ status }) => status === 200,
      );
      for (const [i, m] of t.members.entries()) {
        const update = await t.cose(`update ${i}`, digestUrl(m, "update"), m, "", { type: "state_digest", pick: keysOf });
        const digest = JSON.stringify({ stateDigest: update.field("stateDigest") });
        await t.cose(`ack ${i}`, digestUrl(m, "ack"), m, digest, { type: "ack" });
        await t.govGet(`member${i}`, `/service/members/${m.id}`, { pick: (j: Member) => j.status });
      }
    }),
    scenario("app-before-open", async (t) => {
      const u = t.user("early");
      await t.gov.pass([act("set_user", { cert: u.cert })]);
      await t.govGet("users can be set before opening", `/service/users/${u.id}`, { pick: (j: { userId: string }) => j.userId === u.id });
      await t.install({ hello: "return { body: 'hello' };" });
      await t.govGet("app is stored", "/service/javascript-app", { pick: (j: { endpoints: object }) => Object.keys(j.endpoints) });
      await t.call("hello", { label: "but closed" });
      await t.get("without prefix", "/hello");
      await t.req("OPTIONS", "OPTIONS", "/app/hello");
    }),
    scenario("wrong-identity-does-not-open", async (t) => {
      const other = identity("other service");
      const p = await t.create("propose", 0, { actions: [act("transition_service_to_open", { next_service_identity: other.cert })] });
      await t.ballot("yes", 0, p.proposalId);
      await t.ballot("yes decides", 1, p.proposalId, undefined, { anyMessage: true });
      await t.govGet("info", "/service/info", { pick: (j: Member) => j.status });
      await t.withdraw("withdraw", 0, p.proposalId);
      await t.create("no argument", 0, { actions: [act("transition_service_to_open", {})] });
    }),
    scenario("open", async (t) => {
      const cert = t.stage.serviceCertificate;
      const p = await t.create("propose", 2, { actions: [act("transition_service_to_open", { next_service_identity: cert })] });
      await t.ballot("yes", 2, p.proposalId);
      const r = await t.ballot("yes decides", 0, p.proposalId, undefined, { write: true });
      await t.client.waitCommitted(r.tx);
      await poll(
        () => t.client.request("GET", "/app/hello"),
        (x) => x.status === 200,
        10000,
      );
      await t.govGet("info", "/service/info");
      await t.get("network", "/node/network", { pick: (j: { service_status: string }) => ({ status: j.service_status }) });
      await t.get("app answers", "/app/hello");
      await t.get("ready/app", "/node/ready/app");
      await t.get("unknown path now says so", "/app/anything");
    }),
  ],
};
