import { generateKeyPairSync, X509Certificate } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { newCertificate } from "../certificates.js";
import { GovernedService } from "../service.js";

const ISSUER = "https://issuer.example/v2";
const certificate = newCertificate("issuer").certificate;
const x5c = { kid: "x5c", kty: "RSA", x5c: [new X509Certificate(certificate).raw.toString("base64")] };
const rsa = { kid: "rsa", ...generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ format: "jwk" }) };
const ec = { kid: "ec", ...generateKeyPairSync("ec", { namedCurve: "P-256" }).publicKey.export({ format: "jwk" }) };

let service: GovernedService;
beforeEach(async () => {
  service = await GovernedService.start({ isv: {} });
});

const pass = (name: string, args: object) => service.pass(["isv"], { name, args });
const issuer = () => service.read(({ jwtIssuers }) => jwtIssuers.get(ISSUER));
const keys = () => service.read(({ jwtKeys }) => jwtKeys.keys().toSorted());

test("an issuer comes with keys, gets others, and goes with all of them", () => {
  pass("set_jwt_issuer", { issuer: ISSUER, jwks: { keys: [rsa, ec] } });
  expect([issuer(), keys()]).toEqual([{ auto_refresh: false }, ["ec", "rsa"]]);
  pass("set_jwt_public_signing_keys", { issuer: ISSUER, jwks: { keys: [ec] } });
  expect(keys()).toEqual(["ec"]);
  pass("remove_jwt_issuer", { issuer: ISSUER });
  expect([issuer(), keys()]).toEqual([undefined, []]);
  pass("remove_jwt_issuer", { issuer: ISSUER });
});

test("keys are refreshed by CCF only over TLS that an agreed authority vouches for", () => {
  const refreshed = { issuer: ISSUER, auto_refresh: true, ca_cert_bundle_name: "ca" };
  expect(() => pass("set_jwt_issuer", refreshed)).toThrow("there is no CA bundle ca");
  pass("set_ca_cert_bundle", { name: "ca", cert_bundle: `${certificate}${newCertificate("second").certificate}` });
  pass("set_jwt_issuer", refreshed);
  expect(issuer()).toEqual({ auto_refresh: true, ca_cert_bundle_name: "ca" });
  pass("remove_ca_cert_bundle", { name: "ca" });
  expect(service.read(({ caCertBundles }) => caCertBundles.keys())).toEqual([]);
});

test("keys are set only of an issuer that is known", () => {
  expect(() => pass("set_jwt_public_signing_keys", { issuer: ISSUER, jwks: { keys: [] } })).toThrow(`there is no issuer ${ISSUER}`);
});

test("keys are certificates, RSA keys or elliptic curve keys", () => {
  expect(service.problems({ name: "set_jwt_issuer", args: { issuer: ISSUER, jwks: { keys: [x5c, rsa, ec] } } })).toBe("");
});

describe("refused is", () => {
  const key = (changed: object) => ({ issuer: ISSUER, jwks: { keys: [changed] } });
  test.each([
    ["an issuer without a name", { issuer: "" }, "issuer must be a string that is not empty"],
    ["a refresh without a bundle", { issuer: ISSUER, auto_refresh: true }, "auto_refresh needs a ca_cert_bundle_name"],
    [
      "a refresh over http",
      { issuer: "http://x.example", auto_refresh: true, ca_cert_bundle_name: "ca" },
      "auto_refresh needs an issuer that is",
    ],
    [
      "a refresh with a query",
      { issuer: `${ISSUER}?q`, auto_refresh: true, ca_cert_bundle_name: "ca" },
      "auto_refresh needs an issuer that is",
    ],
    ["a refresh that is no boolean", { issuer: ISSUER, auto_refresh: "true" }, "auto_refresh must be true or false"],
    ["keys that are a list", { issuer: ISSUER, jwks: [] }, "jwks must be an object"],
    ["a key without an id", key({ ...ec, kid: undefined }), "jwks.keys[0].kid is missing"],
    ["a key without material", key({ kid: "k", kty: "RSA" }), "jwks.keys[0] must contain x5c, or n and e, or x, y and crv"],
    ["half an RSA key", key({ kid: "k", kty: "RSA", n: "AQ" }), "jwks.keys[0].e is missing"],
    ["half a curve key", key({ kid: "k", kty: "EC", x: "AQ", y: "AQ" }), "jwks.keys[0].crv is missing"],
    ["no certificate", key({ kid: "k", kty: "RSA", x5c: [] }), "jwks.keys[0].x5c must not be empty"],
    ["a certificate that is none", key({ kid: "k", kty: "RSA", x5c: ["AAAA"] }), "jwks.keys[0].x5c[0] must be one PEM certificate"],
  ])("%s", (_, args, problem) => {
    expect(service.problems({ name: "set_jwt_issuer", args })).toContain(problem);
  });

  test("a CA bundle that holds no certificate", () => {
    expect(service.problems({ name: "set_ca_cert_bundle", args: { name: "ca", cert_bundle: "none" } })).toContain(
      "cert_bundle must be a PEM certificate",
    );
  });
});
