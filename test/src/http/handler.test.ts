import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { Application, type Call, member, memberId, refusal } from "../application.js";

let app: Application;
beforeAll(async () => {
  app = await Application.start();
  app.propose("cd".repeat(32), "Open", { name: "set_contract", args: { contractId: "proposed", contract: { data: 1 } } });
});

const url = "/contracts/{contractId}";
const put = (body: unknown, call: Call = {}) => app.call("put", url, { params: { contractId: "c1" }, ...call, body });

describe("an endpoint", () => {
  test("refuses a body that is not JSON", () => {
    for (const body of ["", " ", "{", "{'data':1}", '{"data":1} x', "undefined", "NaN", '"\\u12"', new Uint8Array([0xff, 0x00])]) {
      expect(put(body)).toMatchObject(refusal(400, "InvalidInput", "body is not JSON"));
    }
  });

  test("refuses a field of the wrong type and names it", () => {
    for (const version of [1, true, {}, ["2.1"]]) {
      expect(put({ data: 1, version })).toMatchObject(refusal(400, "InvalidInput", "body/version must be string"));
    }
    for (const body of [[], "x", 1, null, true]) {
      expect(put(JSON.stringify(body))).toMatchObject(refusal(400, "InvalidInput", "body must be object"));
    }
  });

  test("refuses an id that is ill-formed or too long, and names it", () => {
    for (const contractId of ["a%20b", "a b", "-", ".", "é", "a".repeat(129), "a:b"]) {
      for (const verb of ["get", "post", "put"] as const) {
        expect(app.call(verb, url, { params: { contractId }, body: { data: 1 } })).toMatchObject(
          refusal(400, "InvalidInput", expect.stringMatching(/^path\/contractId must match pattern/)),
        );
      }
    }
  });

  test("refuses a body too deep to be written again", () => {
    const nested = (levels: number) => `{"data":${"[".repeat(levels)}1${"]".repeat(levels)}}`;
    for (const levels of [64, 1000, 100_000, 400_000]) {
      expect(put(nested(levels))).toMatchObject(refusal(400, "InvalidInput", expect.stringMatching(/^body is n/)));
    }
    expect(put(nested(63), { params: { contractId: "deep" } }).status).toBe(200);
    expect(app.call("get", url, { params: { contractId: "deep" } }).status).toBe(200);
  });

  test("lets a member who is not active look, but not act", () => {
    app.govern("members.info", memberId("carol"), { status: "Accepted" });
    for (const name of ["carol", "nobody"]) {
      expect(put({ data: 1 }, { caller: member(name) })).toMatchObject(refusal(403, "CallerNotAuthorized"));
      expect(app.call("get", "/contracts", { caller: member(name) }).status).toBe(200);
    }
  });

  test("refuses callers that it was not written for", () => {
    for (const caller of [null, { policy: "no_auth" }, { policy: "user_cert", id: memberId("alice"), data: {}, cert: "" }]) {
      expect(put({ data: 1 }, { caller })).toMatchObject(refusal(403, "CallerNotAuthorized"));
    }
  });
});

describe("whatever is sent", () => {
  const id = fc.oneof(fc.constantFrom("c1", "proposed", "fresh", "__proto__"), fc.string({ unit: "binary", minLength: 1, maxLength: 200 }));
  const part = fc.oneof(
    fc.constantFrom("state", "Draft", "Accepted", "=", "&", "?", "__proto__", "api-version"),
    fc.string({ unit: "binary" }),
  );
  const field = fc.oneof(fc.constantFrom("data", "version", "__proto__"), fc.string());
  const body = fc.oneof(
    fc.uint8Array(),
    fc.json({ maxDepth: 5 }),
    fc.dictionary(field, fc.oneof(fc.constantFrom("2.3", "", null), fc.jsonValue())).map((value) => JSON.stringify(value)),
  );
  const call = fc.record({
    verb: fc.constantFrom("get" as const, "put" as const, "post" as const, "list" as const),
    contractId: id,
    query: fc.array(part).map((parts) => parts.join("")),
    body,
    caller: fc.constantFrom(member("alice"), member("nobody"), { policy: "user_cert", id: memberId("u"), data: null, cert: "" }, null),
  });

  test("the answer is a success or an error with code and message, never a failure of the service", () => {
    fc.assert(
      fc.property(call, ({ verb, contractId, ...rest }) => {
        const reply = verb === "list" ? app.call("get", "/contracts", rest) : app.call(verb, url, { ...rest, params: { contractId } });
        expect(reply.status).toBeLessThan(500);
        if (reply.status < 300) return;
        const { error } = reply.body as { error: { code: string; message: string } };
        expect(error.code).toMatch(/^[A-Z]\w+$/);
        expect(error.message).not.toBe("");
      }),
      { numRuns: 1000 },
    );
  });
});
