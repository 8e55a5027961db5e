import { constants, generateKeyPairSync, verify, X509Certificate } from "node:crypto";
import { request as httpRequest, type OutgoingHttpHeaders } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attestedRoom } from "../../cleanroom/room.js";
import { base64, setCleanRoomPolicy } from "../support/cleanRoom.js";
import { refusal } from "../support/answer.js";
import { wholeHistory } from "../support/history.js";
import { agree, setContract } from "../support/party.js";
import { authority } from "../client/authority.js";
import { verify as verifyToken } from "../oidc/verifier.js";
import { agentFor, POLICY, quick, virtually, world, type Workload } from "./world.js";

const { place, members, both } = await world(afterAll);
const { alice, bob } = members;
const ISSUER = `${place.service.url ?? ""}/app/oidc`;
const AUDIENCE = "api://AzureADTokenExchange";

const lines: string[] = [];
const workload = await agentFor(place.service, afterAll, { log: (line) => lines.push(line) });
const newer = await agentFor(place.service, afterAll, { content: "pem" });

const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const wanted = {
  publicKey: publicKey.export({ type: "spki", format: "pem" }),
  subjectName: "CN=web",
  subjectAlternateNames: ["dNSName:web.example"],
  validityPeriodDays: 3,
};
const SECRET = "a secret, änd more →𝄞";

let secretId: string;
beforeAll(async () => {
  await agree(both, { name: "enable_oidc_issuer", args: { kid: "kid" } });
  await agree(both, { name: "set_oidc_issuer_url", args: { issuer_url: ISSUER } });
  await agree(both, { name: "enable_signing", args: { kid: "payloads" } });
  await agree(both, { name: "enable_ca", args: { contractId: "c1" } });
  for (const path of ["/app/oidc/generateSigningKey", "/app/signing/generateSigningKey", "/app/contracts/c1/ca/generateSigningKey"]) {
    expect(await alice.call("POST", path)).toMatchObject({ status: 200 });
  }
  const put = await alice.call("PUT", "/app/contracts/c1/secrets/password", { value: SECRET });
  secretId = (put.body as { secretId: string }).secretId;
  const { transactionId: version } = await alice.call("PUT", "/app/documents/d1", { contractId: "c1", data: { rows: [1, 2] } });
  const document = { contractId: "c1", data: { rows: [1, 2] }, version };
  await agree(both, { name: "set_member_document", args: { documentId: "d1", document } });
});

/** A request as no HTTP library of workloads makes it. @returns the status of the answer */
const plainly = (method: string, path: string, headers: OutgoingHttpHeaders = {}): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const { port } = new URL(workload.url);
    const request = httpRequest({ port, host: "127.0.0.1", method, path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on("error", reject).end();
  });

const eventsOf = (id: string): Promise<unknown[]> => wholeHistory(alice, `/app/contracts/c1/events?from_seqno=1&id=${id}`);

const ask = (of: Workload) => ({
  consent: (option = "execution") => of.call("POST", `/consentcheck/${option}`),
  token: (query = `sub=c1&tenantId=tenant-a&aud=${AUDIENCE}`) => of.call("POST", `/oauth/token?${query}`),
  secret: (id = secretId) => of.call("POST", `/secrets/${id}`),
  document: (path = "/documents/d1") => of.call("POST", path),
  signature: (payload: unknown = base64("text")) => of.call("POST", "/signing/sign", { payload }),
  certificate: (request: unknown = wanted) => of.call("POST", "/ca/generateEndorsedCert", request),
});

describe.each([
  ["the older generation of services", workload],
  ["the newer generation of services", newer],
])("an agent whose evidence is as %s wants it", (_, of) => {
  const asked = ask(of);

  test("tells whether the workload may run, and whether its logs and telemetry may leave", async () => {
    expect(await asked.consent()).toMatchObject({ status: 200, body: { status: "enabled" } });
    expect(await asked.consent("logging")).toMatchObject({ status: 200, body: { status: "disabled", proposalIds: [] } });
    expect(await asked.consent("telemetry")).toMatchObject({ status: 200, body: { status: "disabled", proposalIds: [] } });
  });

  test("gets a token that a strict verifier accepts", async () => {
    const { status, body } = await asked.token();
    expect(status).toBe(200);
    const expected = { issuer: ISSUER, audience: AUDIENCE, subject: "c1" };
    const { payload } = await verifyToken((body as { value: string }).value, expected, place.service.serviceCertificate);
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
  });

  test("gives a secret in plain text", async () => {
    expect(await asked.secret()).toMatchObject({ status: 200, body: { value: SECRET } });
    expect(await asked.secret(encodeURIComponent(secretId))).toMatchObject({ status: 200, body: { value: SECRET } });
    expect(await asked.secret("cleanroom_none")).toMatchObject(refusal(404, "SecretNotFound"));
  });

  test("gives an accepted document as members read it", async () => {
    const { body } = await alice.call("GET", "/app/documents/d1");
    expect(await asked.document()).toMatchObject({ status: 200, body });
    expect(await asked.document("/memberdocuments/d1")).toMatchObject({ status: 200, body });
    expect(await asked.document("/documents/d2")).toMatchObject(refusal(404, "DocumentNotFound"));
  });

  test("has a payload signed", async () => {
    const { publicKeyPem } = (await bob.call("POST", "/app/signing/info")).body as { publicKeyPem: string };
    const { status, body } = await asked.signature();
    expect(status).toBe(200);
    const signature = Buffer.from((body as { value: string }).value, "base64");
    const how = { key: publicKeyPem, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
    expect(verify("sha256", Buffer.from("text"), how, signature)).toBe(true);
    expect(await of.call("POST", "/signing/sign", {})).toMatchObject(refusal(400, "PayloadMissing"));
  });

  test("has a certificate made for a key of the workload", async () => {
    expect(await of.call("GET", "/ca/isEnabled")).toMatchObject({ status: 200, body: { enabled: true } });
    const { status, body } = await asked.certificate();
    expect(status).toBe(200);
    const leaf = new X509Certificate((body as { cert: string }).cert);
    const { caCert } = (await alice.call("GET", "/app/contracts/c1/ca/info")).body as { caCert: string };
    expect(leaf.verify(new X509Certificate(caCert).publicKey)).toBe(true);
    expect(leaf.subjectAltName).toBe("DNS:web.example");
    expect(await asked.certificate({ ...wanted, subjectName: "" })).toMatchObject(refusal(400, "InvalidInput"));
  });
});

test("an event is on record when the answer comes, and the answer names its transaction", async () => {
  const event = { source: "code-launcher", message: "starting" };
  const { status, text, headers } = await workload.call("PUT", "/events", event);
  expect({ status, text }).toEqual({ status: 200, text: "" });
  const transaction = headers.get("x-ms-ccf-transaction-id") ?? "";
  const committed = await alice.call("GET", `/app/tx?transaction_id=${transaction}`);
  expect(committed.body).toMatchObject({ status: "Committed" });
  const { body } = await alice.call("GET", "/app/contracts/c1/events");
  expect(body).toMatchObject({ value: [{ id: "c1", scope: "", data: event, seqno: Number(transaction.split(".")[1]) }] });

  expect(await workload.call("PUT", "/events?id=run-1&scope=audit", [1, "two"])).toMatchObject({ status: 200 });
  expect(await workload.call("PUT", "/events?id=&scope=", event)).toMatchObject({ status: 200 }); // as stock clients write "none"
  const scoped = await alice.call("GET", "/app/contracts/c1/events?id=run-1&scope=audit");
  expect(scoped.body).toMatchObject({ value: [{ id: "run-1", scope: "audit", data: [1, "two"] }] });
});

test("a secret of the clean room's own is kept, and given back under the id that was answered", async () => {
  const put = await workload.call("PUT", "/secrets/own", { value: "mine" });
  expect(put).toMatchObject({ status: 200, body: { secretId: "cleanroom_own" } });
  expect(put.headers.get("x-ms-ccf-transaction-id")).toMatch(/^\d+\.\d+$/);
  expect(await newer.call("POST", "/secrets/cleanroom_own")).toMatchObject({ status: 200, body: { value: "mine" } });
  expect(await workload.call("PUT", "/secrets/own", { value: "" })).toMatchObject(refusal(400, "ValueMissing"));
});

test("another clean room is let in for one secret, and is nobody otherwise", async () => {
  const hostData = "0d".repeat(32);
  const room = attestedRoom(virtually(() => place.service, { hostData: Buffer.from(hostData, "hex") }));
  const other = await agentFor(place.service, afterAll, { room });
  const refused = refusal(400, "VerifySnpAttestationFailed");
  expect(await other.call("POST", `/secrets/${secretId}`)).toMatchObject(refused);
  const change = { type: "add", claims: { "x-ms-sevsnpvm-hostdata": hostData } };
  expect(await workload.call("POST", `/secrets/${secretId}/cleanroompolicy`, change)).toMatchObject({ status: 200, body: undefined });
  expect(await other.call("POST", `/secrets/${secretId}`)).toMatchObject({ status: 200, body: { value: SECRET } });
  expect(await other.call("POST", "/consentcheck/execution")).toMatchObject(refused);

  const { body } = await alice.call("GET", "/app/contracts/c1/cleanroompolicy/delegates");
  expect(body).toEqual({ value: [{ delegateType: "secrets", delegateId: secretId }] });
  expect(await workload.call("POST", "/cleanroompolicy/delegates/events/writer", change)).toMatchObject({ status: 200 });
  expect(await other.call("PUT", "/events?id=by-other", {})).toMatchObject({ status: 200 });
});

test("while a member refuses consent nothing is released, and afterwards everything is", async () => {
  const asked = ask(workload);
  const released = () => Promise.all([asked.token(), asked.secret(), asked.document(), asked.signature(), asked.certificate()]);
  expect(await bob.call("POST", "/app/contracts/c1/disable")).toMatchObject({ status: 200 });
  for (const answer of await released()) expect(answer).toMatchObject(refusal(403, "ContractDisabled"));
  expect(await asked.consent()).toMatchObject({ status: 200, body: { status: "disabled", reason: { code: "ContractDisabled" } } });
  expect(await workload.call("PUT", "/events", { message: "stopped" })).toMatchObject({ status: 200 });
  expect(await bob.call("POST", "/app/contracts/c1/enable")).toMatchObject({ status: 200 });
  for (const answer of await released()) expect(answer).toMatchObject({ status: 200 });
});

test("the members and the settings are shown as the stock sidecar shows them", async () => {
  for (const method of ["POST", "GET"]) {
    expect(await workload.call(method, "/members")).toMatchObject({
      status: 200,
      body: { value: [{ status: "Active" }, { status: "Active" }] },
    });
  }
  expect(await workload.call("GET", "/show")).toMatchObject({
    status: 200,
    body: { ccrgovEndpoint: place.service.url, serviceCert: place.service.serviceCertificate },
  });
});

describe("a request may name its contract", () => {
  const header = "x-ms-ccr-governance-api-path-prefix";

  test("in a header, instead of the agent's own", async () => {
    await agree(both, setContract("c2"));
    await agree(both, setCleanRoomPolicy("c2", POLICY));
    const on = (prefix: string) => workload.call("PUT", "/events", { in: "c2" }, { [header]: prefix });
    for (const prefix of ["app/contracts/c2", "/app/contracts/c2/"]) expect(await on(prefix)).toMatchObject({ status: 200 });
    const { body } = await alice.call("GET", "/app/contracts/c2/events");
    expect(body).toMatchObject({ value: [{ id: "c2", data: { in: "c2" } }] });
    expect(await on("app/contracts/c3")).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
  });

  test.each(["app/contracts/../../node", "app//c1", "app/contracts/c1?x=1", "app/contracts/c1#", "app/contracts/%63"])(
    "and %s is no contract",
    async (prefix) => {
      const answer = await workload.call("POST", "/consentcheck/execution", undefined, { [header]: prefix });
      expect(answer).toMatchObject(refusal(400, "InvalidPathPrefix"));
    },
  );

  test("and has to, where the agent has none of its own", async () => {
    const without = await agentFor(place.service, afterAll, { pathPrefix: undefined });
    expect(await without.call("POST", "/consentcheck/execution")).toMatchObject(refusal(400, "InvalidPathPrefix"));
    const named = await without.call("POST", "/consentcheck/execution", undefined, { [header]: "app/contracts/c1" });
    expect(named).toMatchObject({ status: 200 });
  });
});

describe("what the agent does not take", () => {
  test("is refused in the words of the service, with the status of the service", async () => {
    expect(await ask(workload).token(`sub=c2&tenantId=tenant-a&aud=${AUDIENCE}`)).toMatchObject(refusal(403, "SubjectNotAllowed"));
  });

  test.each([
    ["GET", "/consentcheck/execution", 404, "NotFound"],
    ["POST", "/consentcheck/anything", 404, "NotFound"],
    ["POST", "/secrets/", 404, "NotFound"],
    ["POST", "/secrets/a/b/c", 404, "NotFound"],
    ["POST", "/secrets/%ff", 400, "InvalidInput"],
    ["POST", "/oauth/token?sub=c1&tenantId=t", 400, "InvalidInput"],
    ["POST", "/oauth/token?sub=c1&tenantId=&aud=x", 400, "InvalidInput"],
    ["PUT", "/events", 400, "InvalidInput"],
    ["POST", "/oauth/token?sub=c1&sub=c2&tenantId=tenant-a&aud=x", 400, "InvalidInput"],
    ["POST", "/oauth/token?sub=c1&tenantId=tenant-a%26iss%3Dhttps://other.example&aud=x", 400, "InvalidParameter"],
  ])("%s %s is refused with %i %s", async (method, path, status, code) => {
    expect(await workload.call(method, path)).toMatchObject(refusal(status, code));
  });

  test("a body that is not JSON, or too large, is refused", async () => {
    expect(await workload.call("PUT", "/events", "{")).toMatchObject(refusal(400, "InvalidInput"));
    for (const size of [393_215, 20_000_000])
      expect(await workload.call("PUT", "/events", `"${"a".repeat(size)}"`)).toMatchObject(refusal(413, "BodyTooLarge"));
  });

  test("an event that one parameter would give another scope is refused, and not written", async () => {
    const before = await eventsOf("a");
    expect(await workload.call("PUT", "/events?id=a%26scope%3Db", {})).toMatchObject(refusal(400, "InvalidParameter"));
    expect(await eventsOf("a")).toEqual(before);
  });

  test("an event of the longest kind is taken", async () => {
    expect(await workload.call("PUT", "/events?id=long", `"${"a".repeat(393_214)}"`)).toMatchObject({ status: 200 });
  });

  test.each([
    [{ origin: "http://127.0.0.1" }],
    [{ "sec-fetch-site": "cross-site" }],
    [{ "sec-fetch-site": "same-origin" }],
    [{ host: "evil.example" }],
    [{ host: "127.0.0.1.evil.example:8300" }],
  ])("a web page is no workload (%j)", async (headers) => {
    for (const [method, path] of [
      ["POST", `/secrets/${secretId}`],
      ["GET", "/show"],
    ] as const)
      // prettier-ignore
      expect(await plainly(method, path, headers)).toBe(403);
  });

  test("a workload on the same machine may call it by any of its names, or by the whole URL", async () => {
    for (const host of ["localhost", "LOCALHOST:8300", "[::1]:8300", "127.0.0.1"])
      expect(await plainly("GET", "/show", { host })).toBe(200);
    expect(await plainly("GET", `${workload.url}/show`)).toBe(200);
    expect(await plainly("GET", "/show", { "sec-fetch-site": "none" })).toBe(200);
  });

  test("a request that names no path is refused, and the agent goes on", async () => {
    for (const path of ["//[", "*"]) {
      const status = await plainly("POST", path);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
    expect(await ask(workload).consent()).toMatchObject({ status: 200 });
  });
});

test("a service with another certificate is not talked to", async () => {
  const deceived = await agentFor({ ...place.service, serviceCertificate: authority("another").cert }, afterAll, { patience: quick });
  expect(await deceived.call("POST", "/consentcheck/execution")).toMatchObject(refusal(502, "NotTrusted"));
});

test("a clean room that was not agreed on is told so", async () => {
  const debugged = await agentFor(place.service, afterAll, { room: attestedRoom(virtually(() => place.service, { debug: true })) });
  expect(await debugged.call("POST", "/consentcheck/execution")).toMatchObject(refusal(400, "VerifySnpAttestationFailed"));
});

test("the log names routes and codes, and nothing that was asked for or given", () => {
  expect(lines).toContain("POST /secrets/{secretId}: 200");
  expect(lines).toContain("POST /secrets/{secretId}: 404 SecretNotFound");
  expect(lines).toContain("no route: 404 NotFound");
  const all = lines.join("\n");
  for (const private_ of [SECRET, "mine", secretId, "cleanroom_own", "eyJ", "starting", "c2"]) expect(all).not.toContain(private_);
});
