import { afterAll, afterEach, describe, expect, test } from "vitest";
import { call, refusal } from "../support/answer.js";
import { consortium } from "../support/consortium.js";
import { agree, setContract } from "../support/party.js";
import { stateSeenBy } from "../support/state.js";

const { place, members } = await consortium({ alice: {}, bob: {} }, afterAll);
const { alice, bob } = members;
await alice.putContract("drafted", { data: "terms" });
await agree([alice, bob], setContract("agreed"));

const before = await stateSeenBy(alice);
afterEach(async () => {
  expect(await stateSeenBy(alice), "what was refused has changed something").toEqual(before);
});

const lists = (levels: number): string => `${"[".repeat(levels)}1${"]".repeat(levels)}`;

describe("a draft is refused, with a message that names the field,", () => {
  test.each([
    ["an empty body", "", "InvalidInput", "body is not JSON"],
    ["a body that is not JSON", "{'data': 1}", "InvalidInput", "body is not JSON"],
    ["a body that ends early", '{"data": "te', "InvalidInput", "body is not JSON"],
    ["bytes that are no text", new Uint8Array([0xff, 0xfe, 0x00]), "InvalidInput", "body is not JSON"],
    ["a list", [], "InvalidInput", "body must be object"],
    ["a text", '"text"', "InvalidInput", "body must be object"],
    ["null", "null", "InvalidInput", "body must be object"],
    ["a number as version", { data: 1, version: 2.1 }, "InvalidInput", "body/version must be string"],
    ["an object as version", { data: 1, version: {} }, "InvalidInput", "body/version must be string"],
    ["no data", {}, "DataMissing", expect.stringContaining("data")],
    ["no data of its own", '{"__proto__": {"data": 1}}', "DataMissing", expect.stringContaining("data")],
    ["null as data", { data: null }, "DataMissing", expect.stringContaining("data")],
    ["an empty text as data", { data: "" }, "DataMissing", expect.stringContaining("data")],
    ["0 as data", { data: 0 }, "DataMissing", expect.stringContaining("data")],
    ["false as data", { data: false }, "DataMissing", expect.stringContaining("data")],
    ["data nested too deep", `{"data": ${lists(64)}}`, "InvalidInput", "body is nested more than 64 levels deep"],
    ["data nested very deep", `{"data": ${lists(20_000)}}`, "InvalidInput", expect.stringMatching(/^body is n/)],
    ["900 KB of brackets", "[".repeat(900_000), "InvalidInput", expect.stringMatching(/^body is n/)],
    ["900 KB of nested lists", `{"data": ${lists(450_000)}}`, "InvalidInput", expect.stringMatching(/^body is n/)],
  ])("for %s", async (_what, body, code, message) => {
    expect(await alice.call("PUT", "/app/contracts/new", body)).toMatchObject(refusal(400, code, message));
  });

  test("and more than 1 MB is not even read", async () => {
    const answer = await alice.call("PUT", "/app/contracts/new", { data: "x".repeat(1024 * 1024) });
    expect(answer).toMatchObject(refusal(413, "RequestBodyTooLarge"));
  });
});

describe("an id that could mean two things is refused in every operation, with a message that names it:", () => {
  const illFormed = refusal(400, "InvalidInput", expect.stringMatching(/^path\/contractId must match pattern/));
  test.each([
    ["an encoded slash", "a%2Fb"],
    ["an encoded letter", "dr%61fted"],
    ["an encoded NUL", "drafted%00"],
    ["a dot alone", "."],
    ["two dots", ".."],
    ["a leading dot", ".drafted"],
    ["a leading dash", "-drafted"],
    ["letters that are not ASCII", encodeURIComponent("entwürfe")],
    ["a space", "a%20b"],
    ["a plus", "a+b"],
    ["a colon", "a:b"],
    ["a line end", "drafted%0A"],
    ["JavaScript's own names", "__proto__"],
    ["129 characters", "a".repeat(129)],
    ["8000 characters", "a".repeat(8000)],
  ])("%s", async (_what, id) => {
    for (const [method, body] of [["GET"], ["POST", ""], ["PUT", { data: 1 }]] as const) {
      expect(await alice.call(method, `/app/contracts/${id}`, body)).toMatchObject(illFormed);
    }
  });
});

test("a contract that there is not is not found, whatever its name", async () => {
  for (const id of ["missing", "toString", "constructor", "DRAFTED", "drafte", "drafted2"]) {
    for (const method of ["GET", "POST"] as const) {
      expect(await alice.call(method, `/app/contracts/${id}`)).toMatchObject(refusal(404, "ContractNotFound"));
    }
  }
});

test.each([
  ["DELETE", "/app/contracts/drafted", "OPTIONS, GET, POST, PUT"],
  ["PATCH", "/app/contracts/drafted", "OPTIONS, GET, POST, PUT"],
  ["HEAD", "/app/contracts/drafted", "OPTIONS, GET, POST, PUT"],
  ["PUT", "/app/contracts", "OPTIONS, GET"],
  ["POST", "/app/contracts", "OPTIONS, GET"],
])("%s %s is no operation: the answer says which are", async (method, url, allow) => {
  const { status, headers, body } = await place.service.request({ method, url, certificate: alice.der, body: "{}" });
  expect({ status, headers }).toMatchObject({ status: 405, headers: { allow } });
  expect(JSON.parse(String(body))).toMatchObject({
    error: { code: "UnsupportedHttpVerb", message: expect.stringContaining(allow) as unknown },
  });
});

test("a path that there is not is not found, also without a certificate", async () => {
  for (const path of [
    "/app/contracts/",
    "/app/contracts/drafted/",
    "/app/contracts/a/b",
    "/app/contract/a",
    "/app//contracts",
    "/app/Contracts",
  ]) {
    expect(await alice.call("GET", path)).toMatchObject(refusal(404, "ResourceNotFound", expect.stringContaining("Unknown path")));
    expect(await call(place.anonymous, "GET", path)).toMatchObject(refusal(404, "ResourceNotFound"));
  }
});

test("a query has no say in operations that have none", async () => {
  const read = await alice.call("GET", "/app/contracts/drafted");
  for (const query of ["?&a=b", "?api-version=2024-07-01", "?version=0.0&version=1.1", "?%00=%ff&&&==", `?${"x".repeat(8000)}`]) {
    expect(await alice.call("GET", `/app/contracts/drafted${query}`)).toMatchObject({ status: 200, body: read.body });
  }
});
