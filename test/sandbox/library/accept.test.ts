import { expect, test } from "vitest";
import { functions, start } from "./application.js";

test("CCF's own endpoints answer with JSON to whoever accepts it, and refuse others in CCF's words", async () => {
  const { sandbox } = await start(functions("export function f() { return { body: { text: 1 } }; }"));
  const get = async (url: string, accept: string): Promise<readonly [number, string?, string?]> => {
    const answer = await sandbox.request({ url, headers: { accept } });
    if (answer.status < 400) return [answer.status];
    const { error } = answer.json() as { error: { code: string; message: string } };
    return [answer.status, error.code, error.message];
  };
  const unsupported = (accept: string) => [
    406,
    "UnsupportedContentType",
    `No supported content type in accept header: ${accept}\nOnly application/json is currently supported`,
  ];
  const invalid = (entry: string) => [400, "InvalidHeaderValue", `Entry in Accept header is not a valid MIME type: ${entry}`];
  const noNumber = (entry: string) => [400, "InvalidHeaderValue", `Could not parse q-factor from MIME type in Accept header: ${entry}`];

  for (const accept of ["*/*", "application/*", "*/json", "application/json", "text/html, application/json ; q=0, */pdf", "*/*;q=.5x"]) {
    expect(await get("/node/version", accept), accept).toEqual([200]);
  }
  for (const accept of ["text/html", "application/json;charset=utf-8", "Application/JSON", "application/cbor, text/*;q=0.5"]) {
    expect(await get("/node/version", accept), accept).toEqual(unsupported(accept));
  }
  expect(await get("/node/version", "json")).toEqual(invalid("json"));
  expect(await get("/node/version", "application/json, ")).toEqual(invalid(""));
  expect(await get("/node/version", "application/json, */*;q=high")).toEqual(noNumber("*/*;q=high"));
  expect(await get("/node/version", "*/*;q=1e99")).toEqual(noNumber("*/*;q=1e99"));

  for (const url of ["/app/commit", "/app/api", "/gov/api", "/node/network", "/node/quotes"]) {
    expect(await get(url, "text/html"), url).toEqual(unsupported("text/html"));
  }
  // Errors are told to all, and what does not go through CCF's JSON adapter does not look at the header.
  expect((await get("/node/tx", "text/html"))[1]).toBe("InvalidQueryParameterValue");
  for (const url of ["/app/f", "/gov/service/info?api-version=2024-07-01", "/node/primary"]) {
    expect(await get(url, "text/html"), url).toEqual([200]);
  }
});
