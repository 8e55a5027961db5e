import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { newIdentity, startSandbox } from "cleanroom-governance/sandbox";

// The application, as it is deployed to CCF. A bundler would have made it.
const app = {
  metadata: {
    endpoints: {
      "/notes/{id}": {
        put: {
          js_module: "notes.js",
          js_function: "put",
          authn_policies: ["user_cert"],
          mode: "readwrite",
          forwarding_required: "always",
          openapi: {},
        },
        get: {
          js_module: "notes.js",
          js_function: "get",
          authn_policies: ["user_cert"],
          mode: "readonly",
          forwarding_required: "never",
          openapi: {},
        },
      },
    },
  },
  modules: [
    {
      name: "notes.js",
      module: `
        const notes = () => ccf.kv["notes"];
        export function put({ params, body }) {
          const { text } = body.json();
          if (typeof text !== "string") return { statusCode: 400, body: { error: "text is missing" } };
          notes().set(ccf.strToBuf(params.id), ccf.jsonCompatibleToBuf({ text }));
          return { statusCode: 204 };
        }
        export function get({ params }) {
          const note = notes().get(ccf.strToBuf(params.id));
          return note ? { body: ccf.bufToJsonCompatible(note) } : { statusCode: 404 };
        }`,
    },
  ],
};

const [alice, bob, carol] = await Promise.all(["alice", "bob", "carol"].map((name) => newIdentity(name)));
let sandbox;

before(async () => {
  sandbox = await startSandbox({ members: [alice, bob], clock: "virtual" });
  await sandbox.open({ app }); // alice proposes, both vote
  await sandbox.propose([{ name: "set_user", args: { cert: carol.certificate } }], { by: alice, votes: [alice, bob] });
});
after(() => sandbox.stop());

test("a user reads what she wrote", async () => {
  const written = await sandbox.request({ method: "PUT", url: "/app/notes/1", by: carol, json: { text: "milk" } });
  assert.equal(written.status, 204);
  const read = await sandbox.request({ url: "/app/notes/1", by: carol });
  assert.deepEqual(read.json(), { text: "milk" });
});

test("members are no users", async () => {
  assert.equal((await sandbox.request({ url: "/app/notes/1", by: alice })).status, 401);
});

test("a note is pending until it is signed", async () => {
  const { transactionId } = await sandbox.request({ method: "PUT", url: "/app/notes/2", by: carol, json: { text: "bread" } });
  const status = async () => (await sandbox.request({ url: `/app/tx?transaction_id=${transactionId}` })).json().status;
  assert.equal(await status(), "Pending");
  await sandbox.sign();
  assert.equal(await status(), "Committed");
});

test("no proposal passes without a majority", async () => {
  const proposal = await sandbox.propose([{ name: "remove_js_app" }], { by: alice, votes: [alice] });
  assert.equal(proposal.proposalState, "Open");
  await assert.rejects(sandbox.vote(proposal.proposalId, carol), { code: "InvalidAuthenticationInfo" });
});
