import { expect, onTestFinished, test } from "vitest";
import { newIdentity, SandboxError, ServiceError, startSandbox, type Sandbox } from "../../../sandbox/index.js";
import { MAJORITY_CONSTITUTION } from "../../../sandbox/majority.js";
import { functions, start } from "./application.js";

const app = functions(
  `export function who(request) { return { body: [request.caller.policy, request.caller.id, request.caller.data] }; }`,
  {
    authn_policies: ["user_cert"],
  },
);

const infoOf = async (sandbox: Sandbox): Promise<unknown> =>
  (await sandbox.request({ url: "/gov/service/info?api-version=2024-07-01" })).json();

test("a service opens with an application by requests that its members sign", async () => {
  const { sandbox } = await start();
  expect(await infoOf(sandbox)).toMatchObject({ status: "Opening" });
  expect(await sandbox.open({ app })).toMatchObject({ proposalState: "Accepted", ballotCount: 2 });
  expect(await infoOf(sandbox)).toMatchObject({ status: "Open" });
});

test("an open service takes another application, and further actions with it", async () => {
  const { sandbox } = await start(app);
  const carol = await newIdentity("carol");
  const set_user = { name: "set_user", args: { cert: carol.certificate, user_data: { role: "reader" } } };
  await sandbox.open({ app: functions("export function hello() { return { body: 'hello' }; }"), actions: [set_user] });
  expect((await sandbox.request({ url: "/app/hello" })).text()).toBe("hello");
  expect((await sandbox.request({ url: "/app/who" })).status).toBe(404);
});

test("an identity is a member, a user or nobody, by what governance says of it", async () => {
  const { sandbox, alice, bob } = await start(app);
  const carol = await newIdentity("carol");
  expect(await sandbox.request({ url: "/app/who", by: carol })).toMatchObject({ status: 401 });
  await sandbox.propose([{ name: "set_user", args: { cert: carol.certificate, user_data: { role: "reader" } } }], {
    by: alice,
    votes: [alice, bob],
  });
  expect((await sandbox.request({ url: "/app/who", by: carol })).json()).toEqual(["user_cert", carol.id, { role: "reader" }]);
});

test("a member who is invited takes part once it is active", async () => {
  const { sandbox, alice, bob } = await start(app);
  const carol = await newIdentity("carol");
  await sandbox.propose([{ name: "set_member", args: { cert: carol.certificate } }], { by: alice, votes: [alice, bob] });
  const { proposalId } = await sandbox.propose([{ name: "remove_js_app" }], { by: alice });
  await expect(sandbox.vote(proposalId, carol)).rejects.toMatchObject({ status: 401, code: "InvalidAuthenticationInfo" });
  await sandbox.activate(carol);
  expect(await sandbox.vote(proposalId, carol)).toMatchObject({ proposalState: "Open", ballotCount: 1 });
  expect(await sandbox.vote(proposalId, bob)).toMatchObject({
    proposalState: "Accepted",
    finalVotes: { [carol.id]: true, [bob.id]: true },
  });
});

test("votes are cast in their order until the proposal is decided", async () => {
  const { sandbox, alice, bob } = await start(app);
  const against = { by: alice, ballot: "export function vote () { return false }" };
  const actions = [{ name: "remove_js_app" }];
  expect(await sandbox.propose(actions, { by: alice, votes: [against, bob] })).toMatchObject({ proposalState: "Rejected", ballotCount: 1 });
  expect(await sandbox.propose(actions, { by: alice })).toMatchObject({ proposalState: "Open", ballotCount: 0 });
});

test("a refusal carries CCF's status, code and message", async () => {
  const { sandbox, alice } = await start();
  await sandbox.activate(alice);
  const refused = sandbox.propose([{ name: "fly" }], { by: alice });
  await expect(refused).rejects.toBeInstanceOf(ServiceError);
  await expect(refused).rejects.toMatchObject({
    status: 400,
    code: "ProposalFailedToValidate",
    message: "Proposal failed to validate: fly: there is no such action",
  });
  const stranger = await newIdentity("stranger");
  await expect(sandbox.propose([], { by: stranger })).rejects.toMatchObject({
    status: 401,
    details: [expect.objectContaining({ message: "Signer is not a known member" })],
  });
});

test("a service that its members do not open is an error that says so", async () => {
  const { sandbox, alice } = await start();
  await sandbox.activate(alice);
  const dictator = `${MAJORITY_CONSTITUTION.replace(/export function resolve[^]*?\n}\n/, "")}\nexport const resolve = () => "Open";`;
  await sandbox.propose([{ name: "set_constitution", args: { constitution: dictator } }], { by: alice, votes: [alice] });
  await expect(sandbox.open()).rejects.toThrow(
    new SandboxError("the votes of these members do not open the service: the proposal is Open"),
  );
});

test("members are needed to open a service, with keys that can sign", async () => {
  const { certificate } = await newIdentity("alice");
  const sandbox = await startSandbox({ members: [{ certificate }] });
  onTestFinished(() => sandbox.stop());
  await expect(sandbox.open()).rejects.toThrow("name members with their private keys");
});

test("a constitution may be given in pieces", async () => {
  const { sandbox } = await start(app, { constitution: ["// the actions", ...MAJORITY_CONSTITUTION.split("\n")] });
  const text = (await sandbox.request({ url: "/gov/service/constitution?api-version=2024-07-01" })).text();
  expect(text).toBe(`// the actions\n${MAJORITY_CONSTITUTION}`);
});
