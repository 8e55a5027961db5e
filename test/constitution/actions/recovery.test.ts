import { beforeEach, expect, test } from "vitest";
import { GovernedService } from "../service.js";

let service: GovernedService;
beforeEach(async () => {
  service = await GovernedService.start({
    isv: { recovers: true },
    tdp: { recovers: true },
    invited: { recovers: true, status: "Accepted" },
  });
});

const status = (value: string) => {
  service.change((tx) => {
    const row = JSON.stringify({ cert: service.identity.serviceCertificate, status: value });
    tx.table("public:ccf.gov.service.info").set(new Uint8Array(8), Buffer.from(row));
  });
};
const config = () => service.read(({ serviceConfig }) => serviceConfig.get());
const threshold = (recovery_threshold: number) => ({ name: "set_recovery_threshold", args: { recovery_threshold } });
const pass = (action: { name: string; args: unknown }) => service.pass(["isv", "tdp"], action);

test("the recovery threshold is set, and new shares are issued", () => {
  status("Open");
  pass(threshold(2));
  expect(config()?.recovery_threshold).toBe(2);
  const shares = service.read(({ recoveryShares }) => recoveryShares.get()?.encrypted_shares ?? {});
  expect(Object.keys(shares).sort()).toEqual([service.id("isv"), service.id("tdp")].sort());
});

test("the recovery threshold of an open service is at most the number of active recovery members", () => {
  status("Open");
  expect(() => pass(threshold(3))).toThrow("the recovery threshold 3 is greater than the number of recovery members, 2");
  expect(config()?.recovery_threshold).toBe(1);
});

test("the recovery threshold stays while a service is being recovered", () => {
  status("WaitingForRecoveryShares");
  expect(() => pass(threshold(2))).toThrow("while the service is WaitingForRecoveryShares");
});

test("the configuration of the service changes where it is told to", () => {
  status("Open");
  pass({ name: "set_service_configuration", args: { recent_cose_proposals_window_size: 200, recovery_threshold: 2 } });
  expect(config()).toMatchObject({
    recovery_threshold: 2,
    recent_cose_proposals_window_size: 200,
    maximum_node_certificate_validity_days: 365,
  });
});

test("recovery shares are issued anew on demand", () => {
  pass({ name: "trigger_recovery_shares_refresh", args: {} });
  expect(service.read(({ recoveryShares }) => recoveryShares.get())).toBeDefined();
});

test.each([
  ["set_recovery_threshold", {}, "recovery_threshold is missing"],
  ["set_recovery_threshold", { recovery_threshold: 0 }, "recovery_threshold must be an integer from 1 to 254"],
  ["set_recovery_threshold", { recovery_threshold: 255 }, "must be an integer from 1 to 254"],
  ["set_recovery_threshold", { recovery_threshold: "1" }, "must be an integer"],
  ["set_recovery_threshold", { recovery_threshold: 1.5 }, "must be an integer"],
  ["set_service_configuration", { maximum_node_certificate_validity_days: 9999 }, "maximum_node_certificate_validity_days is unknown"],
  ["set_service_configuration", { recent_cose_proposals_window_size: 10_001 }, "must be an integer from 1 to 10000"],
])("%s %j: %s", (name, args, problem) => {
  expect(service.problems({ name, args })).toContain(problem);
});
