import { beforeEach, describe, expect, test } from "vitest";
import { GovernedService } from "../service.js";

let service: GovernedService;
beforeEach(async () => {
  service = await GovernedService.start({ isv: {} });
  for (const contract of ["c1", "c2"]) service.agreeContract(contract);
});

describe("the issuer URL", () => {
  test("is kept as proposed", () => {
    service.pass(["isv"], { name: "set_oidc_issuer_url", args: { issuer_url: "https://issuer.example/cgs" } });
    expect(service.text("public:ccf.gov.oidc_issuer", "issuerUrl")).toBe("https://issuer.example/cgs");
  });

  test.each([
    [{}, "issuer_url is missing"],
    [{ issuer_url: null }, "issuer_url must be a string"],
    [{ issuer_url: ["https://issuer.example"] }, "issuer_url must be a string"],
    [{ issuer_url: "http://issuer.example" }, "issuer_url must be an https:// URL"],
    [{ issuer_url: "https://" }, "issuer_url must be an https:// URL"],
    [{ issuer_url: "https://issuer.example?a" }, "issuer_url must be an https:// URL"],
  ])("%j is refused: %s", (args, problem) => {
    expect(service.problems({ name: "set_oidc_issuer_url", args })).toContain(problem);
  });
});

describe("a token subject", () => {
  const register = (contractId: string, subject: unknown) => ({ name: "set_oidc_subject", args: { contractId, subject } });
  const remove = (subject: unknown) => ({ name: "remove_oidc_subject", args: { subject } });
  const contract = (contractId: string) => ({ name: "set_contract", args: { contractId, contract: { data: 1 } } });
  const subjects = () => service.rows("public:ccf.gov.oidc_issuer.subjects");

  test("belongs to one contract until it is removed", () => {
    service.pass(["isv"], register("c1", "system:serviceaccount/a"), register("c1", "analytics"));
    service.pass(["isv"], register("c1", "analytics"));
    expect(subjects()).toEqual({ "system:serviceaccount/a": { contractId: "c1" }, analytics: { contractId: "c1" } });
    expect(service.problems(register("c2", "analytics"))).toContain("subject analytics belongs to the contract c1");
    service.pass(["isv"], remove("analytics"));
    service.pass(["isv"], register("c2", "analytics"));
    expect(subjects()).toMatchObject({ analytics: { contractId: "c2" } });
  });

  test("is never the id of another contract, accepted or proposed", () => {
    expect(service.problems(register("c1", "c2"))).toContain("subject c2 is the id of another contract");
    service.pass(["isv"], register("c1", "c1"));
    const { id } = service.propose("isv", contract("c3"));
    expect(service.problems(register("c1", "c3"))).toContain("subject c3 is the id of another contract");
    service.vote("isv", id, "no");
    expect(service.problems(register("c1", "c3"))).toBe("");
  });

  test("never becomes the id of another contract", () => {
    const waiting = service.propose("isv", contract("later"));
    service.vote("isv", waiting.id, "no");
    service.pass(["isv"], register("c1", "later"));
    expect(service.problems(contract("later"))).toContain("contractId later is a token subject of the contract c1");
    service.pass(["isv"], remove("later"));
    service.agreeContract("later");
  });

  test("and a contract of the same name that are open at once do not both come to be", () => {
    const subject = service.propose("isv", register("c1", "both"));
    const agreement = service.propose("isv", contract("both"));
    expect(() => service.vote("isv", subject.id, "yes")).toThrow("subject both is the id of another contract");
    expect(service.vote("isv", agreement.id, "yes")).toBe("Accepted");
    expect(() => service.vote("isv", subject.id, "yes")).toThrow("subject both is the id of another contract");
    expect(subjects()).toEqual({});
  });

  test.each([
    [register("c9", "s"), "contractId c9 is not an accepted contract"],
    [register("c1", undefined), "subject is missing"],
    [register("c1", null), "subject must be 1 to 255 printable"],
    [register("c1", ""), "subject must be 1 to 255 printable"],
    [register("c1", "a b"), "subject must be 1 to 255 printable"],
    [register("c1", 'a"b'), "subject must be 1 to 255 printable"],
    [register("c1", "a'b"), "subject must be 1 to 255 printable"],
    [register("c1", "a\u0000"), "subject must be 1 to 255 printable"],
    [register("c1", "\u00e9"), "subject must be 1 to 255 printable"],
    [register("c1", "a".repeat(256)), "subject must be 1 to 255 printable"],
    [remove("nobody"), "subject nobody belongs to no contract"],
    [remove({}), "subject must be 1 to 255 printable"],
  ])("%j is refused: %s", (action, problem) => {
    expect(service.problems(action)).toContain(`${action.name} at position 0 failed validation: ${problem}`);
  });
});
