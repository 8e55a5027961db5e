import { X509Certificate } from "node:crypto";
import { setMember } from "../../client/governance/members.js";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { call, refusal } from "../support/answer.js";
import { setContract } from "../support/party.js";
import { byOpenssl, hasOpenssl, verify } from "./openssl.js";
import { caPath, ecKey, enableCa, rotateCaKey, World } from "./world.js";

const world = await World.start(afterAll);
const { alice, bob, place } = world;
const request = { publicKey: ecKey("P-256").publicKey, subjectName: "CN=web", validityPeriodDays: 1 };

test("a CA comes from a proposal and a member's call, and a clean room is told when it may ask", async () => {
  const room = await world.contract("born");
  const isEnabled = () => call(place.anonymous, "GET", caPath("born", "isEnabled"), { attestation: room.attestation });

  expect(await world.info("born")).toEqual({ enabled: false, proposalIds: [] });
  expect(await isEnabled()).toMatchObject({ status: 200, body: { enabled: false } });
  expect(await world.generate("born")).toMatchObject(refusal(405, "CANotEnabled"));
  expect(await world.ask("born", room.signed(request))).toMatchObject(refusal(405, "CANotEnabled"));

  const { proposalId } = await alice.propose(enableCa("born"));
  expect(await world.info("born")).toEqual({ enabled: false, proposalIds: [proposalId] });
  await alice.accept({ proposalId });
  await bob.accept({ proposalId });
  expect(await world.info("born")).toEqual({ enabled: true, proposalIds: [] });
  expect(await isEnabled()).toMatchObject({ status: 200, body: { enabled: true } });
  expect(await world.ask("born", room.signed(request))).toMatchObject(refusal(404, "NoCASigningKey"));

  expect(await world.generate("born")).toMatchObject({ status: 200, body: { requestId: "1" } });
  const { caCert = "", publicKey, ...rest } = await world.info("born");
  expect(rest).toEqual({ enabled: true, proposalIds: [], previousCaCerts: [] });
  expect(new X509Certificate(caCert).publicKey.export({ type: "spki", format: "pem" })).toBe(publicKey);
  expect(new X509Certificate(await world.certificate(room, request)).subject).toBe("CN=web");
});

test("the key of one request is made once, whoever calls how often", async () => {
  await world.contractWithCa("once");
  const before = await world.info("once");
  for (const party of [alice, bob, alice])
    expect(await world.generate("once", party)).toMatchObject({ status: 200, body: { requestId: "1" } });
  expect(await world.info("once")).toEqual(before);
});

test("members and users of either generation of clients read the same about the CA, and nobody else reads anything", async () => {
  await world.contractWithCa("read");
  const user = place.stranger("user");
  await world.agree({ name: "set_user", args: { cert: user.certificate } });
  const info = await world.info("read");
  for (const party of [alice, user]) {
    expect((await party.call("POST", caPath("read", "status"))).body).toEqual(info);
    expect((await party.call("GET", caPath("read", "info"))).body).toEqual(info);
  }
  expect(JSON.stringify(info)).not.toMatch(/private/i);
  expect(await place.stranger("mallory").call("GET", caPath("read", "info"))).toMatchObject({ status: 401 });
  expect(await user.call("POST", caPath("read", "generateSigningKey"))).toMatchObject({ status: 401 });
});

test("a member who is not active makes no key", async () => {
  await world.agree(setContract("idle"));
  await world.agree(enableCa("idle"));
  const invited = place.stranger("invited");
  await world.agree(setMember({ certificate: invited.certificate, memberData: {} }));
  expect(await world.generate("idle", invited)).toMatchObject(refusal(403, "CallerNotAuthorized"));
  expect(await world.info("idle")).toEqual({ enabled: true, proposalIds: [] });
  await world.agree({ name: "remove_member", args: { member_id: invited.id } }); // who would hold up the contracts of the other tests
});

test("after a rotation there is a new key, and the certificate of the old one stays readable for those whom it certified", async () => {
  const room = await world.contractWithCa("rotated");
  const before = await world.info("rotated");
  const early = await world.certificate(room, request);

  const { proposalId } = await alice.propose(rotateCaKey("rotated"));
  expect(await world.info("rotated")).toEqual({ ...before, proposalIds: [proposalId] });
  await alice.accept({ proposalId });
  await bob.accept({ proposalId });
  expect(await world.info("rotated")).toEqual(before);

  expect(await world.generate("rotated")).toMatchObject({ status: 200, body: { requestId: "2" } });
  const after = await world.info("rotated");
  expect(after.publicKey).not.toBe(before.publicKey);
  expect(after.previousCaCerts).toEqual([before.caCert]);
  const late = await world.certificate(room, request);
  const [first, second] = [before, after].map(({ caCert = "" }) => new X509Certificate(caCert));
  expect([early, late].map((pem) => first && new X509Certificate(pem).verify(first.publicKey))).toEqual([true, false]);
  expect([early, late].map((pem) => second && new X509Certificate(pem).verify(second.publicKey))).toEqual([false, true]);
  if (hasOpenssl) {
    const both = `${before.caCert ?? ""}${after.caCert ?? ""}`;
    for (const leaf of [early, late]) expect(await verify({ ca: both, leaf }), byOpenssl).toBe("leaf.pem: OK\n");
  }

  await world.agree(rotateCaKey("rotated"));
  await world.generate("rotated");
  expect((await world.info("rotated")).previousCaCerts).toEqual([before.caCert, after.caCert]);
});

test("without evidence nobody learns whether a CA is enabled", async () => {
  const room = await world.contract("asked");
  const ask = (body?: unknown) => call(place.anonymous, "GET", caPath("asked", "isEnabled"), body);
  expect(await ask()).toMatchObject(refusal(400, "InvalidInput"));
  expect(await ask({})).toMatchObject(refusal(400, "AttestationMissing"));
  expect(await ask({ attestation: { ...room.attestation, evidence: "AAAA" } })).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
});

test("while a member has disabled the execution of the contract, its CA certifies nothing", async () => {
  const room = await world.contractWithCa("halted");
  expect(await bob.call("POST", "/app/contracts/halted/disable")).toMatchObject({ status: 200 });
  expect(await world.ask("halted", room.signed(request))).toMatchObject(refusal(403, "ContractDisabled"));
  expect(await bob.call("POST", "/app/contracts/halted/enable")).toMatchObject({ status: 200 });
  expect(await world.ask("halted", room.signed(request))).toMatchObject({ status: 200 });
});

test("a CA whose certificate has expired certifies nothing until its key is rotated", async () => {
  const DAY = 24 * 3600 * 1000;
  const later = await World.start(onTestFinished, { clock: "virtual", signatures: { transactions: 1 } });
  const room = await later.contractWithCa("c1");
  const { caCert = "" } = await later.info("c1");
  await later.place.service.advance(Date.parse(new X509Certificate(caCert).validTo) - later.place.service.now() - DAY / 2);
  expect(new X509Certificate(await later.certificate(room, request)).validTo).toBe(new X509Certificate(caCert).validTo);
  await later.place.service.advance(DAY);
  expect(await later.ask("c1", room.signed(request))).toMatchObject(refusal(404, "NoCASigningKey", expect.stringContaining("expired")));
  await later.agree(rotateCaKey("c1"));
  await later.generate("c1");
  expect(await later.ask("c1", room.signed(request))).toMatchObject({ status: 200 });
});
