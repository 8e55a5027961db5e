import fc from "fast-check";
import { expect, test } from "vitest";
import { problemWithIssuerUrl } from "../../../src/encoding/issuerUrl.js";

test.each([
  "https://foo.bar",
  "https://login.example.com/tenant/v2.0",
  "https://account.z22.web.core.windows.net/cgs%20x/oidc/",
  "https://127.0.0.1:8443/app/oidc",
  "https://10.1.255.9",
  "https://[::1]:65535/app/oidc",
  "http://localhost:8080/oidc",
  "http://127.0.0.1/oidc",
  "http://[::1]:1",
])("%s can issue tokens", (url) => {
  expect(problemWithIssuerUrl(url)).toBeUndefined();
});

test.each([
  "",
  "https://",
  "https:///path",
  "http://foo.bar",
  "http://127.0.0.2",
  "http://localhost.foo.bar",
  "ftp://foo.bar",
  "foo.bar",
  "{placeholder}",
  "https://user@foo.bar",
  "https://user:secret@foo.bar",
  "https://foo.bar?tenant=x",
  "https://foo.bar/path?",
  "https://foo.bar#x",
  "https://foo.bar/#",
  "https://foo.bar:0",
  "https://foo.bar:65536",
  "https://foo.bar:x",
  "https://foo..bar",
  "https://-foo.bar",
  "https://foo.bar/a b",
  "https://foo.bar/%zz",
  "https://foo.bar\n",
  " https://foo.bar",
  "https://foo.bar/\u00e4",
  "https://1.2.3.256",
  `https://foo.bar/${"a".repeat(2048)}`,
])("%j cannot issue tokens", (url) => {
  expect(problemWithIssuerUrl(url)).toMatch(/^must be an https:/);
});

test("whatever is let through is a URL of a host and a path, and http only on the loopback", () => {
  const part = fc.constantFrom(
    "https://",
    "http://",
    "localhost",
    "127.0.0.1",
    "[::1]",
    "a",
    "1",
    "-",
    ".",
    ":",
    "/",
    "@",
    "?",
    "#",
    "%41",
    "%",
    "\\",
    " ",
    "é",
  );
  let passed = 0;
  const property = fc.property(fc.constantFrom("https://", "http://"), fc.array(part, { minLength: 1, maxLength: 8 }), (scheme, rest) => {
    const text = scheme + rest.join("");
    if (problemWithIssuerUrl(text) !== undefined) return;
    passed++;
    const { protocol, username, password, search, hash, hostname, origin } = new URL(text);
    expect([username, password, search, hash]).toEqual(["", "", "", ""]);
    expect(origin.startsWith(scheme)).toBe(true);
    if (protocol === "http:") expect(["localhost", "127.0.0.1", "[::1]"]).toContain(hostname);
  });
  fc.assert(property, { numRuns: 20_000 });
  expect(passed).toBeGreaterThan(100);
});
