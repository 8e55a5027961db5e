import { beforeEach, expect, test } from "vitest";
import { newCertificate } from "../certificates.js";
import { constitutionText, GovernedService } from "../service.js";

let service: GovernedService;
beforeEach(async () => {
  service = await GovernedService.start({ isv: { recovers: true } });
});

test("a new constitution replaces this one, and all other open proposals are dropped", () => {
  const other = service.propose("isv", { name: "trigger_snapshot", args: {} });
  const next = `${constitutionText}// next`;
  const id = service.pass(["isv"], { name: "set_constitution", args: { constitution: next } });
  expect(service.read(({ constitution }) => constitution.get())).toBe(next);
  expect([service.state(id), service.state(other.id)]).toEqual(["Accepted", "Dropped"]);
});

test("the service is opened under its own identity", () => {
  const open = (next_service_identity: string) => ({ name: "transition_service_to_open", args: { next_service_identity } });
  const { id } = service.propose("isv", open(newCertificate("other").certificate));
  expect(() => service.vote("isv", id, "yes")).toThrow("Unable to open service");
  service.pass(["isv"], { ...open(service.identity.serviceCertificate) });
  expect(service.read(({ serviceInfo }) => serviceInfo.get()?.status)).toBe("Open");
  expect(service.problems({ name: "transition_service_to_open", args: {} })).toContain("next_service_identity is missing");
});

test("a proposal can insist on being about this service", () => {
  const about = (service_identity: string) => ({ name: "assert_service_identity", args: { service_identity } });
  expect(service.problems(about(newCertificate("other").certificate))).toContain("service_identity is not the certificate of this service");
  service.pass(["isv"], about(service.identity.serviceCertificate));
});

test("the ledger is cut, keyed anew and snapshotted on demand", () => {
  service.pass(["isv"], ...["trigger_ledger_rekey", "trigger_ledger_chunk", "trigger_snapshot"].map((name) => ({ name, args: null })));
  expect(service.chunkRequests).toHaveLength(1);
  service.pass(["isv"], { name: "trigger_acme_refresh", args: { interfaces: ["primary"] } });
});
