import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bundleDigest, type Bundle } from "../../client/governance/application.js";
import { setMember } from "../../client/governance/members.js";
import { getAllEvents } from "../../client/events.js";
import { builtFile } from "../../cli/installation.js";
import { saveProfile } from "../../cli/profile.js";
import { version } from "../../cli/version.js";
import { call } from "../support/answer.js";
import { cleanRoom } from "../support/cleanRoom.js";
import { consortium } from "../support/consortium.js";
import { agree, setContract } from "../support/party.js";
import { commandLine } from "./commandLine.js";

const { place, members } = await consortium({ alice: { identifier: "alice" }, bob: { identifier: "bob", cgsRoles: {} } }, afterAll, {
  virtualTee: true,
});
const { alice, bob } = members;
const cli = await commandLine(place, members, afterAll);
const room = cleanRoom(place, { contractId: "c1" });

beforeAll(async () => {
  await agree([alice, bob], setContract("c1"));
  await agree([alice, bob], room.setPolicy);
});

type Proposal = { readonly proposalId: string; readonly proposalState: string };

/** Both vote for what a command has proposed. @returns the state of the proposal */
async function accepted(...argv: string[]): Promise<string> {
  const { proposalId, proposalState } = (await cli.json("alice", ...argv)) as Proposal;
  expect(proposalState).toBe("Open");
  const vote = ["governance", "proposal", "vote", "--proposal-id", proposalId, "--action", "accept"];
  await cli.as("alice", ...vote);
  return ((await cli.json("bob", ...vote)) as Proposal).proposalState;
}

const about = ["--contract-id", "c1"];

test("each member stops and resumes execution alone, while logs and telemetry are let out by agreement", async () => {
  const option = (...argv: string[]) => ["governance", "contract", "runtime-option", ...argv, ...about];
  expect(await cli.as("bob", ...option("set", "--option", "execution", "--action", "disable"))).toBe("");
  expect(await cli.json("alice", ...option("get", "--option", "execution"))).toMatchObject({
    status: "disabled",
    reason: { code: "ContractDisabled", message: expect.stringContaining(bob.id) as unknown },
  });
  expect(await cli.as("bob", ...option("set", "--option", "execution", "--action", "enable"))).toBe("");
  expect(await cli.json("alice", ...option("get", "--option", "execution"))).toEqual({ status: "enabled" });

  expect(await accepted(...option("propose", "--option", "telemetry", "--action", "enable"))).toBe("Accepted");
  expect(await cli.json("bob", ...option("get", "--option", "telemetry"))).toEqual({ status: "enabled", proposalIds: [] });
  const disabled = await cli.json("bob", ...option("propose", "--option", "telemetry", "--action", "disable"));
  expect(disabled).toMatchObject({ proposalState: "Accepted" });
  expect((await cli.attempt("bob", ...option("set", "--option", "logging", "--action", "enable"))).status).toBe(2);
});

test("a secret is kept under an id, from a file or the standard input, and no value is ever listed", async () => {
  const secret = (name: string, value: string) => [
    "governance",
    "contract",
    "secret",
    "set",
    ...about,
    "--secret-name",
    name,
    "--value",
    value,
  ];
  const id = await cli.as(
    "alice",
    ...secret("password", `@${await cli.file("secret.txt", "hunter2")}`),
    "--query",
    "secretId",
    "-o",
    "tsv",
  );
  await cli.as("bob", ...secret("other", "-"));
  const { value } = (await cli.json("bob", "governance", "contract", "secret", "list", ...about)) as { value: { secretId: string }[] };
  expect(value).toHaveLength(2);
  expect(value).toContainEqual({ secretId: id });
  const released = await call(place.anonymous, "POST", `/app/contracts/c1/secrets/${id}`, room.attested());
  expect(room.unwrap((released.body as { value: string }).value)).toBe("hunter2");
  expect((await cli.attempt("alice", ...secret("empty", ""))).notes).toMatch(/^error: ValueMissing: .*\(HTTP 400\)$/);
});

test("events are shown, the latest or all of them over as many pages as there are", async () => {
  const list = (...argv: string[]) => cli.json("alice", "governance", "contract", "event", "list", ...about, ...argv);
  expect(await list()).toEqual({ value: [] });
  for (const message of ["started", "loaded", "done"]) {
    const body = room.signed(JSON.stringify({ source: "training", message }), { timestamp: String(Date.now()) });
    expect((await call(place.anonymous, "PUT", "/app/contracts/c1/events", body)).status).toBe(204);
  }
  const body = room.signed(JSON.stringify("elsewhere"), { timestamp: String(Date.now()) });
  expect((await call(place.anonymous, "PUT", "/app/contracts/c1/events?id=e&scope=s", body)).status).toBe(204);

  expect(await list()).toMatchObject({ value: [{ id: "c1", data: { message: "done" } }] });
  expect(await list("--event-id", "e", "--scope", "s")).toMatchObject({ value: [{ id: "e", scope: "s", data: "elsewhere" }] });
  const shown = await cli.as("alice", "governance", "contract", "event", "list", ...about, "-o", "table");
  expect(shown).toMatch(/^scope .* data\n.*\{"source":"training","message":"done"\}$/s);
  const all = await list("--all");
  expect(all).toMatchObject({ value: ["started", "loaded", "done"].map((message) => ({ data: { message } })) });
  expect(all).not.toHaveProperty("nextLink");
  expect(await getAllEvents(alice.session, "c1", {}, 3)).toEqual(all);
});

test.each(["document", "member-document"])("a %s is drafted, proposed and agreed upon like a contract", async (group) => {
  const document = (...argv: string[]) => ["governance", group, ...argv, "--id", group];
  expect(await cli.as("alice", ...document("create", "--data", "-"), ...about)).toBe("");
  const draft = (await cli.json("bob", ...document("show"))) as { version: string };
  expect(draft).toMatchObject({ state: "Draft", contractId: "c1", data: "from the standard input" });
  expect((await cli.attempt("alice", ...document("propose", "--version", "2.1"))).notes).toMatch(
    /^error: DocumentModified: document ".*" is at/,
  );
  const proposed = (await cli.json("alice", ...document("propose", "--version", draft.version))) as Proposal;
  const vote = document("vote", "--proposal-id", proposed.proposalId, "--action", "accept");
  expect(await cli.json("alice", ...vote)).toMatchObject({ proposalState: "Open" });
  expect(await cli.json("bob", ...vote)).toMatchObject({ proposalState: "Accepted" });
  expect(await cli.json("bob", ...document("show"))).toMatchObject({ state: "Accepted", finalVotes: { length: 2 } });
  expect(await cli.as("bob", "governance", group, "list", "--query", "value[].id", "-o", "tsv")).toContain(group);
});

test("the keys of issuer, signing and certificate authority are agreed upon, made once, shown, and rotated", async () => {
  const generated = (group: string) =>
    cli.json("bob", "governance", group, "generate-signing-key") as Promise<{ reqId: string; kid: string }>;
  for (const group of ["oidc-issuer", "signing"]) {
    expect((await cli.attempt("bob", "governance", group, "generate-signing-key")).notes).toMatch(/NotEnabled: .*\(HTTP 405\)$/);
    expect(await accepted("governance", group, "propose-enable")).toBe("Accepted");
    const first = await generated(group);
    expect(first).toEqual({ reqId: "1", kid: expect.stringMatching(/^[0-9a-f]{32}-1$/) as unknown });
    expect(await generated(group)).toEqual(first);
    expect(await accepted("governance", group, "propose-rotate-signing-key")).toBe("Accepted");
    expect(await generated(group)).toEqual({ reqId: "2", kid: first.kid.replace(/1$/, "2") });
  }
  const { publicKeyPem, previousPublicKeyPem } = (await cli.json("alice", "governance", "signing", "show")) as Record<string, string>;
  expect([publicKeyPem, previousPublicKeyPem]).toEqual([expect.stringContaining("PUBLIC KEY"), expect.stringContaining("PUBLIC KEY")]);

  const url = "https://isv.example/oidc";
  expect(await accepted("governance", "oidc-issuer", "propose-set-issuer-url", "--url", url)).toBe("Accepted");
  expect(await cli.json("bob", "governance", "oidc-issuer", "show")).toEqual({ enabled: true, issuerUrl: url });
  const tenantless = await cli.attempt("bob", "governance", "oidc-issuer", "set-issuer-url", "--url", url);
  expect(tenantless.notes).toMatch(/^error: NoTenantIdMemberData: /);

  const ca = (...argv: string[]) => ["governance", "ca", ...argv, ...about];
  expect(await cli.json("alice", ...ca("show"))).toEqual({ enabled: false, proposalIds: [] });
  expect(await accepted(...ca("propose-enable"))).toBe("Accepted");
  expect(await cli.json("bob", ...ca("generate-key"))).toEqual({ requestId: "1" });
  const { caCert } = (await cli.json("alice", ...ca("show"))) as { caCert: string };
  expect(new X509Certificate(caCert).ca).toBe(true);
  expect(await accepted(...ca("propose-rotate-key"))).toBe("Accepted");
  expect(await cli.json("bob", ...ca("generate-key"))).toEqual({ requestId: "2" });
  expect(await cli.json("alice", ...ca("show"))).toMatchObject({ previousCaCerts: [caCert] });
});

test("what is told about a deployment is agreed upon, and policies are refused before they are proposed unless they are some", async () => {
  const information = (...argv: string[]) => ["governance", "deployment", "information", ...argv, ...about];
  expect(await accepted(...information("propose", "--deployment-information", '{"url":"https://room.example"}'))).toBe("Accepted");
  expect(await cli.as("bob", ...information("show"), "--query", "data.url", "-o", "tsv")).toBe("https://room.example");

  const policy = (...argv: string[]) => cli.attempt("alice", "governance", "deployment", "policy", "propose", ...about, ...argv);
  expect((await policy()).status).toBe(2);
  const wrong = await cli.file("policy.json", { type: "add" });
  expect(await policy("--policy-file", wrong)).toEqual({ status: 1, out: "", notes: `error: ${wrong} lacks "claims": an object` });
  const all = JSON.parse((await policy("--allow-all")).out) as Proposal;
  expect(
    await cli.json("bob", "governance", "proposal", "show-actions", "--proposal-id", all.proposalId, "--query", "actions[0].args"),
  ).toEqual({
    contractId: "c1",
    type: "add",
    claims: {
      "x-ms-sevsnpvm-is-debuggable": false,
      "x-ms-sevsnpvm-hostdata": "73973b78d70cc68353426de188db5dfc57e5b766e399935fb73a61127ea26d20",
    },
  });
  await cli.as("alice", "governance", "proposal", "withdraw", "--proposal-id", all.proposalId);
});

test("how many members recover a service is shown and proposed", async () => {
  expect(await cli.json("alice", "governance", "network", "show")).toMatchObject({ status: "Open", configuration: {} });
  const set = (n: string) => cli.attempt("alice", "governance", "network", "set-recovery-threshold", "--recovery-threshold", n);
  expect(await set("none")).toMatchObject({ status: 2, out: "" });
  const { proposalId } = JSON.parse((await set("2")).out) as Proposal;
  const actions = await cli.json("bob", "governance", "proposal", "show-actions", "--proposal-id", proposalId, "--query", "actions");
  expect(actions).toEqual([{ name: "set_recovery_threshold", args: { recovery_threshold: 2 } }]);
  await cli.as("alice", "governance", "proposal", "withdraw", "--proposal-id", proposalId);
  const content = await cli.file("proposal.json", { actions: [{ name: "trigger_snapshot", args: {} }] });
  expect(await accepted("governance", "proposal", "create", "--content", content)).toBe("Accepted");
});

test("a service tells which release it runs, what is newer, and what is proposed; one upgrade of a kind waits at a time", async () => {
  const manifest = JSON.parse(await readFile(builtFile("manifest.json"), "utf8")) as { artefacts: Record<string, { sha256: string }> };
  const digest = (name: string) => `sha256:${manifest.artefacts[name]?.sha256 ?? ""}`;
  const service = (...argv: string[]) => ["governance", "service", ...argv];
  expect(await cli.json("bob", ...service("version"))).toEqual({
    constitution: { digest: digest("constitution.js"), version },
    jsapp: { digest: digest("bundle.json"), version },
  });
  const upgrades = { constitutionVersion: version, jsappVersion: version, upgrades: [] as object[] };
  expect(await cli.json("bob", ...service("get-upgrades"))).toEqual(upgrades);
  const later = await cli.file("manifest.json", {
    version: "99.0.0",
    artefacts: { ...manifest.artefacts, "constitution.js": { bytes: 1, sha256: "ab".repeat(32) } },
  });
  expect(await cli.json("bob", ...service("get-upgrades", "--manifest", later))).toEqual({
    ...upgrades,
    jsappVersion: "99.0.0",
    upgrades: [{ constitutionVersion: "99.0.0" }],
  });
  expect((await cli.attempt("bob", ...service("upgrade-constitution"))).notes).toMatch(
    /the service has the constitution sha256:.* already$/,
  );
  const other = await cli.attempt("bob", ...service("upgrade-js-app", "--js-app-version", "99.0.0"));
  expect(other).toMatchObject({
    status: 1,
    out: "",
    notes: expect.stringMatching(/^error: this installation is version .*--js-app-url$/) as unknown,
  });

  // As registries keep it: a JSON string.
  const text = JSON.stringify(`${await readFile(builtFile("constitution.js"), "utf8")}\n// next\n`);
  const upgrade = service("upgrade-constitution", "--constitution-url", await cli.file("constitution.json", text));
  const { proposalId } = (await cli.json("alice", ...upgrade)) as Proposal;
  expect(await cli.json("bob", ...service("upgrade", "status"))).toEqual({ proposals: [{ proposalId, actionName: "set_constitution" }] });
  expect((await cli.attempt("bob", ...upgrade)).notes).toContain(`proposed already, by ${proposalId}`);
  const action = await cli.json("bob", "governance", "proposal", "show-actions", "--proposal-id", proposalId, "--query", "actions[0].args");
  expect(action).toEqual({ constitution: JSON.parse(text) as string });
  await cli.as("alice", "governance", "proposal", "withdraw", "--proposal-id", proposalId);
});

test("a service is compared with what was built, and what differs is named", async () => {
  const verify = (...argv: string[]) => cli.attempt("bob", "governance", "service", "verify", ...argv);
  expect(await verify()).toMatchObject({ status: 0, out: expect.stringMatching(/^The service runs version /) as unknown });
  const bundle = JSON.parse(await readFile(builtFile("bundle.json"), "utf8")) as Bundle;
  const changed = {
    metadata: bundle.metadata,
    modules: bundle.modules.map(({ name, module }) => ({ name, module: name === "contracts/put.js" ? `${module} ` : module })),
  };
  await cli.file("bundle.json", changed);
  const { artefacts } = JSON.parse(await readFile(builtFile("manifest.json"), "utf8")) as { artefacts: object };
  const other = { ...artefacts, "bundle.json": { bytes: 1, sha256: bundleDigest(changed) } };
  const { status, out, notes } = await verify("--manifest", await cli.file("manifest.json", { version: "0.0.1", artefacts: other }));
  expect({ status, out }).toEqual({ status: 1, out: "" });
  expect(notes).toMatch(
    /^error: the service does not run version 0\.0\.1: the application is sha256:.*, not sha256:.* \(contracts\/put\.js\)$/,
  );
  const nonsense = await cli.file("nonsense.json", {});
  expect((await verify("--manifest", nonsense)).notes).toBe(`error: ${nonsense} is not the manifest of a release: it tells no version`);
});

test("the status shows contracts and switches, and of the open proposals those that wait for this member", async () => {
  await cli.as("alice", "governance", "contract", "create", "--id", "c2", "--data", "terms");
  const set = ["governance", "contract", "runtime-option", "set", "--option", "execution", ...about, "--action"];
  await cli.as("bob", ...set, "disable");
  const logging = ["governance", "contract", "runtime-option", "propose", "--option", "logging", "--action", "enable", ...about];
  const { proposalId } = (await cli.json("alice", ...logging)) as Proposal;
  const waiting = { proposalId, actions: ["set_contract_runtime_options_enable_logging"], about: ["c1"], proposer: "alice", ballots: 0 };
  const disabled = {
    id: "c1",
    state: "Accepted",
    execution: "disabled",
    logging: "disabled",
    reason: expect.stringContaining(bob.id) as unknown,
  };
  expect(await cli.json("alice", "status", "-o", "json")).toMatchObject({
    service: { endpoint: place.service.url, status: "Open" },
    member: { memberId: alice.id, identifier: "alice", status: "Active" },
    contracts: [disabled, { id: "c2", state: "Draft" }],
    awaitingVote: [waiting],
  });
  await cli.as("alice", "governance", "proposal", "vote", "--proposal-id", proposalId, "--action", "accept");
  const text = await cli.as("alice", "status");
  expect(text).toMatch(/^Service +https:.* \(Open\)\nMember +alice \(Active\)\n\nContracts\n\nid +state +execution/);
  expect(text).toMatch(/\nc1 +Accepted +disabled +disabled .*\nc2 +Draft\n\nNo proposal waits for this member's vote\.$/);
  expect(await cli.as("bob", "status")).toContain(`\n${proposalId}  set_contract_runtime_options_enable_logging  c1     alice     1`);
  await cli.as("alice", "governance", "proposal", "withdraw", "--proposal-id", proposalId);
  await cli.as("bob", ...set, "enable");
});

test("a table of members has their identifiers", async () => {
  expect(await cli.as("bob", "governance", "member", "show", "-o", "table")).toMatch(/^identifier +.*\n(.*\n)*alice /);
});

test("the status says what is not known, and why, to whom the service does not answer", async () => {
  const carol = place.stranger("carol");
  const { url = "", serviceCertificate } = place.service;
  const keys = {
    signingCert: carol.session.identity.certificate,
    signingKeyFile: await cli.file("carol_privk.pem", carol.session.identity.keyPem),
  };
  const io = { env: { CLEANROOM_HOME: join(cli.folder, "home") }, out: () => undefined, note: () => undefined, stdin: () => Promise.resolve("") }; // prettier-ignore
  await saveProfile("carol", { ccfEndpoint: url, serviceCert: serviceCertificate, ...keys }, io);
  const status = async () => (await cli.attempt("carol" as "bob", "status")).out;
  expect(await status()).toMatch(
    /\nContracts: not known: this is no member of the service.*\.\n\nProposals that wait for this member's vote: not known: this is no member.*\.\n$/,
  );
  const certificate = await cli.file("carol_cert.pem", carol.session.identity.certificate);
  const invitation = await alice.propose(
    setMember({ certificate: await readFile(certificate, "utf8"), memberData: { identifier: "carol" } }),
  );
  expect(await cli.as("bob", "status")).toMatch(/  set_member  carol  alice     0$/);
  await alice.accept(invitation);
  await bob.accept(invitation);
  expect(await status()).toMatch(
    /\(Accepted\)\n\nContracts: not known: the membership is not active yet; .*\n\nProposals .*: not known: the membership/,
  );
  const known = JSON.parse((await cli.attempt("carol" as "bob", "status", "-o", "json")).out) as object;
  expect(known).not.toHaveProperty("contracts");
  expect(known).not.toHaveProperty("awaitingVote");
  expect(known).toHaveProperty("notKnown.awaitingVote");
  await agree([alice, bob], { name: "remove_member", args: { member_id: carol.id } });
  expect(await status()).toMatch(/\(Unknown\)\n\nContracts: not known: this is no member/);
});

test("a member's tenant is set without losing what else is known of the member", async () => {
  const set = ["governance", "member", "set-tenant-id", "--identifier", "bob", "--tenant-id", "t-1"];
  expect(await accepted(...set)).toBe("Accepted");
  const data = await cli.json("alice", "governance", "member", "show", "--query", "value[?memberData.identifier=='bob'].memberData");
  expect(data).toEqual([{ identifier: "bob", cgsRoles: {}, tenantId: "t-1" }]);
});

test("members see whom a clean room has let in besides itself, for which purpose", async () => {
  const helper = cleanRoom(place, { contractId: "c1", hostData: "33".repeat(32) });
  const id = await cli.as(
    "alice",
    ...["governance", "contract", "secret", "set", ...about, "--secret-name", "shared", "--value", "v", "--query", "secretId", "-o", "tsv"],
  );
  const policy = (name: string) => ["governance", "contract", "secret", "get-cleanroom-policy", ...about, "--secret-name", name];
  expect(await cli.json("alice", ...policy("shared"))).toEqual({ claims: {} });
  for (const purpose of [`secrets/${id}`, "events/writer"]) {
    const change = room.signed({ type: "add", claims: helper.policy });
    const answer = await call(place.anonymous, "PUT", `/app/contracts/c1/cleanroompolicy/delegates/${purpose}`, change);
    expect(answer).toMatchObject({ status: 200 });
  }
  const admitted = { claims: { "x-ms-sevsnpvm-hostdata": ["33".repeat(32)] } };
  expect(await cli.json("alice", ...policy("shared"))).toMatchObject(admitted);
  expect(await cli.json("bob", ...policy(id))).toMatchObject(admitted);
  expect(await cli.json("bob", ...policy("shared"))).toEqual({ claims: {} }); // bob has no secret of that name
  expect(await cli.json("bob", "governance", "contract", "delegate", "list", ...about, "--query", "value")).toEqual(
    expect.arrayContaining([
      { delegateType: "secrets", delegateId: id },
      { delegateType: "events", delegateId: "writer" },
    ]),
  );
  const show = ["governance", "contract", "delegate", "show", ...about, "--delegate-type", "events", "--delegate-id", "writer"];
  expect(await cli.json("bob", ...show)).toMatchObject(admitted);
});
