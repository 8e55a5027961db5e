import { Ajv } from "ajv";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { setMember } from "../../client/governance/members.js";
import type { HttpResponse } from "../../sandbox/index.js";
import { built, consortium } from "../support/consortium.js";
import { agree, setContract } from "../support/party.js";
import { openApiOf, requestsTo, type Operation } from "./request.js";
import "./seed.js";

/** Requests over all operations, so that the time does not grow with their number. */
const REQUESTS = 2500;
const LEAST_EACH = 40;
/** Milliseconds; an answer takes about one. */
const NO_ANSWER = 10_000;

const { place, members } = await consortium({ alice: {}, bob: {} }, afterAll);
const { alice, bob } = members;
const [invited, user, stranger] = [place.stranger("invited"), place.stranger("user"), place.stranger("stranger")];
await alice.putContract("drafted", { data: "terms" });
await agree([alice, bob], setContract("agreed"));
await alice.propose(setContract("proposed"));
await agree([alice, bob], setMember({ certificate: invited.certificate, memberData: {} }));
await agree([alice, bob], { name: "set_user", args: { cert: user.certificate } });

const certificate = fc.oneof(
  { weight: 6, arbitrary: fc.constant(alice.der) },
  { weight: 2, arbitrary: fc.constantFrom(invited.der, user.der, stranger.der, undefined) },
);

const { metadata } = await built.bundle();
const operations: readonly Operation[] = Object.entries(metadata.endpoints).flatMap(([url, verbs]) =>
  Object.entries(verbs).map(([verb, endpoint]) => ({ method: verb.toUpperCase(), url, endpoint })),
);

const ajv = new Ajv({ strict: false });

describe.each(operations)("$method $url", (operation) => {
  const { method } = operation;
  const { responses } = openApiOf(operation);
  const checks = Object.entries(responses).map(([status, { content }]) => {
    const isAsDescribed = content ? ajv.compile(content["application/json"].schema) : (body: unknown) => body === undefined;
    return [status, isAsDescribed] as const;
  });
  const successes = new Map(checks.filter(([status]) => status !== "default"));

  test("whatever is sent, the answer is as described, or an error with code and message, and never a failure of the service", async () => {
    const request = fc.tuple(requestsTo(operation, ["drafted", "proposed", "agreed", "fresh"]), certificate);
    const property = fc.asyncProperty(request, async ([{ url, headers, body }, caller]) => {
      const answer = await place.service.request({ method, url, headers, body, ...(caller && { certificate: caller }) });
      const isAsDescribed = successes.get(String(answer.status));
      if (isAsDescribed) expect(isAsDescribed(jsonOf(answer)), JSON.stringify(jsonOf(answer))).toBe(true);
      else expectEnvelope(answer);
    });
    const numRuns = Math.max(LEAST_EACH, Math.ceil(REQUESTS / operations.length));
    await fc.assert(property, { numRuns, timeout: NO_ANSWER });
  });
});

const methods = fc.constantFrom("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "get", "");
const paths = fc.oneof(
  fc.webPath().map((path) => `/app${path}`),
  fc.constantFrom("/app", "/app/", "//app/contracts", "/app/../gov", "/app/contracts/../contracts", "/contracts", "*", ""),
  fc.string({ unit: "binary" }).map((text) => `/app/${text}`),
);

test("whatever the verb and the path, the answer is never a failure of the service", async () => {
  const property = fc.asyncProperty(methods, paths, certificate, async (method, url, caller) => {
    const answer = await place.service.request({ method, url, ...(caller && { certificate: caller }) });
    if (answer.status >= 300) expectEnvelope(answer);
  });
  await fc.assert(property, { numRuns: 300, timeout: NO_ANSWER });
});

function jsonOf({ body = "" }: HttpResponse): unknown {
  const text = Buffer.from(body).toString("utf8");
  return text === "" ? undefined : JSON.parse(text);
}

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
