import { expect, test } from "vitest";
import { error, openService } from "./service.js";

test("a path template that lacks its closing bracket fails the requests that look at it, and the service goes on", async () => {
  const place = await openService({
    "GET /t/{a": "return {};",
    "GET /whole": "return { body: 'whole' };",
    "POST /other/{a}": "return { body: request.params.a };",
  });
  const invalid = error("Exception: Invalid templated path - missing closing curly bracket: /t/{a");
  expect(await place.call("GET", "/app/t/x")).toMatchObject(invalid);
  expect(await place.call("GET", "/app/unknown")).toMatchObject(invalid);
  expect(await place.call("PUT", "/app/other/x")).toMatchObject(invalid); // what is allowed cannot be told
  expect(await place.call("GET", "/app/whole")).toMatchObject({ status: 200, body: "whole" });
  expect(await place.call("POST", "/app/other/x")).toMatchObject({ status: 200, body: "x" });
  expect((await place.call("GET", "/app/api")).status).toBe(200);
});
