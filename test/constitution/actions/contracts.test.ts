import { beforeAll, expect, test } from "vitest";
import { GovernedService } from "../service.js";

let service: GovernedService;
beforeAll(async () => {
  service = await GovernedService.start({ isv: {} });
});

const contract = (args: unknown) => ({ name: "set_contract", args });

test("a contract as clients read it is taken, and its data are what is agreed", () => {
  const draft = { id: "c.1~x", state: "Draft", version: "2.17", data: [1], proposalId: "", finalVotes: [] };
  const id = service.pass(["isv"], contract({ contractId: "c.1~x", contract: draft }));
  const finalVotes = { [service.id("isv")]: true };
  expect(service.row("public:ccf.gov.accepted_contracts", "c.1~x")).toEqual({ data: [1], proposalId: id, finalVotes });
});

test("an accepted contract is never accepted again: a proposal of it is valid, and rejected at once", () => {
  service.pass(["isv"], contract({ contractId: "once", contract: { data: 1 } }));
  const again = contract({ contractId: "once", contract: { data: 2 } });
  expect(service.problems(again)).toBe("");
  expect(service.propose("isv", again).state).toBe("Rejected");
  expect(service.row("public:ccf.gov.accepted_contracts", "once")).toMatchObject({ data: 1 });
});

test.each([
  [{ contract: { data: 1 } }, "contractId is missing"],
  [{ contractId: 1, contract: { data: 1 } }, "contractId must be 1 to 128 letters"],
  [{ contractId: "", contract: { data: 1 } }, "contractId must be"],
  [{ contractId: "a/b", contract: { data: 1 } }, "contractId must be"],
  [{ contractId: "-a", contract: { data: 1 } }, "contractId must be"],
  [{ contractId: "a\n", contract: { data: 1 } }, "contractId must be"],
  [{ contractId: "a".repeat(129), contract: { data: 1 } }, "contractId must be"],
  [{ contractId: "c" }, "contract is missing"],
  [{ contractId: "c", contract: null }, "contract must be an object"],
  [{ contractId: "c", contract: [{ data: 1 }] }, "contract must be an object"],
  [{ contractId: "c", contract: {} }, "contract.data is missing"],
  [{ contractId: "c", contract: { data: null } }, "contract.data must be something other than null"],
  [{ contractId: "c", contract: { data: "" } }, "contract.data must be something"],
  [{ contractId: "c", contract: { data: 1, id: "d" } }, "contract.id differs from contractId"],
  [{ contractId: "c", contract: { data: 1 }, version: "2.1" }, "version is unknown"],
])("%j: %s", (args, problem) => {
  expect(service.problems(contract(args))).toContain(`set_contract at position 0 failed validation: ${problem}`);
});
