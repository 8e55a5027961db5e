import { describe, expect, test } from "vitest";
import { complaints } from "../../../build/reference/check.js";
import { docstringsOf, readDocstring } from "../../../build/reference/docstring.js";

describe("a docstring", () => {
  test("names the routes of its operation, in any of the ways to name several", () => {
    const routesOf = (head: string) => readDocstring(`/** ${head}: what it does. */`)?.routes;
    expect(routesOf("GET /a/{id}")).toEqual(["GET /a/{id}"]);
    expect(routesOf("GET and POST /a")).toEqual(["GET /a", "POST /a"]);
    expect(routesOf("PUT /a and /b")).toEqual(["PUT /a", "PUT /b"]);
    expect(routesOf("GET /a, POST /b")).toEqual(["GET /a", "POST /b"]);
    expect(routesOf("POST /a and POST /b")).toEqual(["POST /a", "POST /b"]);
    expect(routesOf("GET /oidc/.well-known/openid-configuration")).toEqual(["GET /oidc/.well-known/openid-configuration"]);
  });

  test("says what the operation does, in paragraphs, and with which errors it refuses", () => {
    const comment = `/**
 * PUT /a/{id}: writes
 * a draft: carefully.
 *
 * A second paragraph.
 *
 * @throws NotThere (404), PreconditionFailed (412),
 *   Of others: InvalidInput (400) without evidence
 */`;
    expect(readDocstring(comment)).toMatchObject({
      text: "writes a draft: carefully.\n\nA second paragraph.",
      errors: [
        { code: "NotThere", status: 404 },
        { code: "PreconditionFailed", status: 412 },
        { code: "InvalidInput", status: 400 },
      ],
    });
  });

  test("that begins with anything else is none", () => {
    for (const text of ["", "/** Writes a draft. */", "/** PUT: writes. */", "/** writes /a: a draft */"])
      expect(readDocstring(text)).toBeUndefined();
  });

  test("is the last comment before the constant that it documents", () => {
    const source = `/** Of the file. */\n\n/** GET /a: one. */\nexport const one = handler();\n\n// nothing\nexport const two = 2;\n`;
    expect([...docstringsOf(source)]).toEqual([["one", "/** GET /a: one. */"]]);
  });
});

describe("a build", () => {
  const statusOf = (code: string) => ({ NotThere: 404 })[code];
  const problems = (comment: string, ...routes: string[]) => complaints(readDocstring(comment), routes, statusOf);

  test("takes docstrings that are true", () => {
    expect(problems("/** GET and POST /a: reads. @throws NotThere (404) */", "GET /a", "POST /a")).toEqual([]);
  });

  test("complains of operations without docstring, of routes that are missing or not theirs, and of errors that there are not", () => {
    expect(problems("/** Reads. */", "GET /a")).toEqual(["its docstring does not begin with METHOD /path: ..."]);
    expect(problems("/** GET /a: reads. */", "GET /a", "POST /a")).toEqual(["its docstring does not name POST /a"]);
    expect(problems("/** GET /a and /b: reads. */", "GET /a")).toEqual(["its docstring names GET /b, which is not its own"]);
    expect(problems("/** GET /a: reads. @throws NotThere (400), Gone (410) */", "GET /a")).toEqual([
      "NotThere has status 404, not 400",
      "there is no error Gone",
    ]);
  });
});
