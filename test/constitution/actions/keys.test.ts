import { beforeEach, describe, expect, test } from "vitest";
import { GovernedService } from "../service.js";

let service: GovernedService;
beforeEach(async () => {
  service = await GovernedService.start({ isv: {} });
});
const pass = (name: string, args: object) => service.pass(["isv"], { name, args });
const problem = (name: string, args: unknown) => service.problems({ name, args });

describe.each([
  ["enable_oidc_issuer", "oidc_issuer_enable_rotate_signing_key", "public:ccf.gov.oidc_issuer"],
  ["enable_signing", "signing_enable_rotate_signing_key", "public:ccf.gov.signing"],
])("%s", (enable, rotate, table) => {
  const request = () =>
    Object.fromEntries(["enabled", "generateSigningKeyRequestId", "generateSigningKeyKid"].map((key) => [key, service.text(table, key)]));

  test("asks for a key, and each rotation for the next", () => {
    pass(enable, { kid: "abc" });
    expect(request()).toEqual({ enabled: "true", generateSigningKeyRequestId: "1", generateSigningKeyKid: "abc" });
    for (const generateSigningKeyRequestId of ["2", "3"]) {
      pass(rotate, {});
      expect(request()).toMatchObject({ generateSigningKeyRequestId, generateSigningKeyKid: "abc" });
    }
  });

  test("enabling again changes nothing, whatever the kid: clients enable to be sure", () => {
    pass(enable, { kid: "abc" });
    pass(rotate, {});
    pass(enable, { kid: "other" });
    pass(enable, { kid: "abc" });
    expect(request()).toMatchObject({ generateSigningKeyRequestId: "2", generateSigningKeyKid: "abc" });
  });

  test("a rotation of what is not enabled is refused", () => {
    expect(problem(rotate, {})).toContain("what is not enabled has no key to rotate");
    expect(request()).toEqual({});
  });

  test.each([
    [undefined, "kid is missing"],
    [{ kid: null }, "kid must be 1 to 128 letters"],
    [{ kid: 1 }, "kid must be 1 to 128 letters"],
    [{ kid: "" }, "kid must be 1 to 128 letters"],
    [{ kid: 'a"b' }, "kid must be 1 to 128 letters"],
    [{ kid: "a", more: 1 }, "more is unknown"],
  ])("%j is refused: %s", (args, message) => {
    expect(problem(enable, args)).toContain(`${enable} at position 0 failed validation: ${message}`);
  });
});

describe("a certificate authority", () => {
  const ca = (contractId: string) => service.row("public:ccf.gov.ca", contractId);
  beforeEach(() => {
    service.agreeContract("c1");
  });

  test("is enabled for a contract, and asked for a new key", () => {
    pass("enable_ca", { contractId: "c1" });
    expect(ca("c1")).toEqual({ enabled: "true", requestId: "1" });
    pass("ca_enable_rotate_signing_key", { contractId: "c1" });
    pass("enable_ca", { contractId: "c1" });
    expect(ca("c1")).toEqual({ enabled: "true", requestId: "2" });
  });

  test("is there only for accepted contracts, and rotates only where it is enabled", () => {
    expect(problem("enable_ca", { contractId: "c2" })).toContain("contractId c2 is not an accepted contract");
    expect(problem("ca_enable_rotate_signing_key", { contractId: "c2" })).toContain("contractId c2 is not an accepted contract");
    expect(problem("ca_enable_rotate_signing_key", { contractId: "c1" })).toContain("contractId c1 has no certificate authority");
    expect(problem("enable_ca", { contractId: ["c1"] })).toContain("contractId must be");
  });
});
