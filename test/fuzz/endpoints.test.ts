import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { call } from "../support/answer.js";
import type { HttpResponse } from "../../sandbox/index.js";
import { cleanRoom } from "../support/cleanRoom.js";
import { built } from "../support/consortium.js";
import { furnished } from "../support/furnished.js";
import { attestedBodies, takesEvidence } from "./evidence.js";
import { written } from "./ledger.js";
import { nearly, openApiOf, requestsTo, type Known, type Operation } from "./request.js";
import { seed } from "./seed.js";

/** Over all operations. */
const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 20_000);
if (!Number.isSafeInteger(REQUESTS)) throw new Error("FUZZ_REQUESTS must be an integer");
/** Milliseconds; an answer takes a few. */
const NO_ANSWER = 20_000;
/** Milliseconds for the requests to one operation. */
const LONG = 300_000;

const dir = await mkdtemp(join(tmpdir(), "fuzz-"));
afterAll(() => rm(dir, { recursive: true, force: true }));
const { place, alice, room, otherRoom, proposals, ...people } = await furnished(afterAll, { dir, signatures: { milliseconds: 50 } });
const before = await written(place.service, dir);
/** What callers were told that they have written. */
const answered = new Set<string>();

const { bob, operator, invited, removed, user, stranger } = people;
const certificate = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(alice.der, bob.der) },
  { weight: 3, arbitrary: fc.constantFrom(...[operator, invited, removed, user, stranger].map(({ der }) => der), undefined) },
);
const older = cleanRoom(place, { contractId: "agreed", digestOf: "base64" });
const rooms = [room, room, older, otherRoom];

const contracts = [...Array<string>(8).fill("agreed"), "drafted", "proposed", "fresh", "__proto__", "toString"];
const known: Known = {
  parameters: {
    contractId: contracts,
    documentId: contracts,
    option: ["execution", "logging", "telemetry", "status", "autoapprove-jsapp-proposal"],
    secretName: [`${alice.id}:key`, `${alice.id}%3akey`, `${alice.id}_key`, "cleanroom_key", "key"],
    delegateType: ["secrets", "events", "ca", "oauth-federation-subjects"],
    delegateId: [`${alice.id}:key`, "writer", "endorsed-cert", "agreed"],
    proposalId: [proposals.contract, proposals.document, "ab".repeat(32)],
  },
  queries: {
    issueToken: [
      "sub=agreed&aud=api://exchange&jti=1&tid=tenant&iat=1700000000&exp=1700003600",
      "sub=agreed&aud=a=b&jti=2&tid=none&nbf=1700000000&iat=1700000001&exp=1700000002&iss=https://issuer.example/cgs",
    ],
    listEvents: ["id=x&scope=y", "from_seqno=1", "from_seqno=5&to_seqno=9&max_seqno_per_page=2", "id=x&to_seqno=20"],
    getProposalHistory: ["from_seqno=1", "from_seqno=5&to_seqno=9&max_seqno_per_page=2"],
    putEvent: ["id=x&scope=y", "id=x", "scope=y"],
    listContracts: ["state=Accepted", "limit=2&after=a"],
  },
  bodies: {
    putContract: [{ data: "terms" }, { data: { a: [1] }, version: "2.1" }],
    putDocument: [
      { contractId: "agreed", data: "text" },
      { contractId: "drafted", data: [1], version: "2.1" },
    ],
    putDocumentOfContract: [{ contractId: "agreed", data: "text" }],
    setIssuerUrl: [{ url: "https://issuer.example/tenant" }, { url: "http://localhost:8080/a" }],
    putSecret: [{ value: "secret" }, { value: "x".repeat(25_600) }],
    putEvent: [{ timestamp: "1700000000000" }, { timestamp: "1" }],
    signPayload: [{ payload: "cGF5bG9hZA==" }, { payload: "AA==" }],
  },
};

const { metadata } = await built.bundle();
const operations: readonly Operation[] = Object.entries(metadata.endpoints).flatMap(([url, verbs]) =>
  Object.entries(verbs).map(([verb, endpoint]) => ({ method: verb.toUpperCase(), url, endpoint })),
);
const numRuns = Math.ceil(REQUESTS / (operations.length + 1));

const ajv = new Ajv({ strict: false });

/** Refusals of somebody who has not shown that he may ask. */
const AT_THE_GATE = [
  "InvalidAuthenticationInfo",
  "CallerNotAuthorized",
  "AttestationMissing",
  "VerifySnpAttestationFailed",
  "InvalidInput",
];

function meantFor(operation: Operation): fc.Arbitrary<string> | undefined {
  const right = known.bodies[String(operation.endpoint.js_function)];
  if (!takesEvidence(operation)) return right && nearly(right);
  const attested = attestedBodies(operation, rooms, right);
  // Members send the same without evidence.
  const members = (operation.endpoint.authn_policies as readonly string[]).includes("member_cert");
  return right && members ? fc.oneof(attested, nearly(right)) : attested;
}

describe.each(operations.map((operation, number) => ({ ...operation, number })))("$method $url", ({ number, ...operation }) => {
  const { method, endpoint } = operation;
  const { responses } = openApiOf(operation);
  const checks = Object.entries(responses).map(([status, { content }]) => {
    const isAsDescribed = content ? ajv.compile(content["application/json"].schema) : (body: unknown) => body === undefined;
    return [status, isAsDescribed] as const;
  });
  const successes = new Map(checks.filter(([status]) => status !== "default"));

  // A member may have stopped the contract, which would keep clean rooms from everything.
  beforeAll(async () => {
    for (const party of [alice, bob]) {
      const { status, transactionId = "" } = await call(party.session.transport, "POST", "/app/contracts/agreed/enable");
      expect(status).toBe(200);
      answered.add(transactionId);
    }
  });

  test(
    "whatever is sent, the answer is as described, or an error with code and message, and never a failure of the service",
    async () => {
      let passed = 0;
      const request = fc.tuple(requestsTo(operation, known, meantFor(operation)), certificate);
      const property = fc.asyncProperty(request, async ([{ url, headers, body }, caller]) => {
        const answer = await place.service.request({ method, url, headers, body, ...(caller && { certificate: caller }) });
        const isAsDescribed = successes.get(String(answer.status));
        if (!isAsDescribed) expectEnvelope(answer);
        else expect(isAsDescribed(jsonOf(answer)), JSON.stringify(jsonOf(answer))).toBe(true);
        if (isAsDescribed && endpoint.mode === "readwrite") answered.add(answer.headers["x-ms-ccf-transaction-id"] ?? "");
        if (isAsDescribed || !AT_THE_GATE.includes(codeOf(answer))) passed++;
      });
      // Without a seed of their own, operations with the same schemas would get the same requests.
      await fc.assert(property, { numRuns, seed: seed + number, timeout: NO_ANSWER });
      expect(passed, "requests that came past authentication, evidence and schemas").toBeGreaterThan(0);
    },
    LONG,
  );
});

const methods = fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "get", "");
const paths = fc.oneof(
  fc.webPath().map((path) => `/app${path}`),
  fc.constantFrom("/app", "/app/", "//app/contracts", "/app/../gov", "/app/contracts/../contracts", "/contracts", "*", ""),
  fc.string({ unit: "binary" }).map((text) => `/app/${text}`),
);

test(
  "whatever the verb and the path, the answer is never a failure of the service",
  async () => {
    const property = fc.asyncProperty(methods, paths, certificate, async (method, url, caller) => {
      const answer = await place.service.request({ method, url, ...(caller && { certificate: caller }) });
      if (answer.status >= 300) expectEnvelope(answer);
    });
    await fc.assert(property, { numRuns, timeout: NO_ANSWER });
  },
  LONG,
);

test("what was refused has changed nothing: every transaction in the ledger is one whose caller was told that it is done", async () => {
  const since = [...(await written(place.service, dir))].filter((id) => !before.has(id));
  expect(since.length).toBeGreaterThan(operations.length);
  expect(since.filter((id) => !answered.has(id))).toEqual([]);
});

function jsonOf({ body = "" }: HttpResponse): unknown {
  const text = Buffer.from(body).toString("utf8");
  return text === "" ? undefined : JSON.parse(text);
}

const codeOf = (answer: HttpResponse): string => (jsonOf(answer) as { error: { code: string } }).error.code;

/** An answer other than those of success: the caller's fault, told in the one form of all errors, and nothing was written. */
function expectEnvelope(answer: HttpResponse): void {
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(answer.headers).toMatchObject({ "content-type": "application/json" });
  expect(answer.headers).not.toHaveProperty("x-ms-ccf-transaction-id");
  expect(jsonOf(answer)).toMatchObject({
    error: { code: expect.stringMatching(/^[A-Z]\w+$/) as unknown, message: expect.stringMatching(/./) as unknown },
  });
}
