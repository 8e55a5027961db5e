import { expect, test } from "vitest";
import { planOf } from "../../../cli/deployment/plan.js";
import { parseConfig, type Specification } from "../../../cli/config/model.js";
import { accessPoint } from "../../../cli/config/model/accessPoint.js";
import { federatedIdentity, secretIdentity } from "../../../cli/config/model/identities.js";
import { httpTraffic } from "../../../cli/config/model/network.js";
import { olderForm } from "../config/older.js";

const where = { contractId: "c7", ccfEndpoint: "https://127.0.0.1:1", serviceCertificate: "PEM" };
const who = federatedIdentity({ name: "mi", clientId: "client-1", tenantId: "tenant-1" });

function data(name: string, mode: "CSE" | "CPK" | "SSE") {
  const key = { name: "key", storeId: "vault", vaultUrl: "https://vault.example/" };
  const store = { name, type: "Azure_BlobStorage", id: name, url: "https://sa.blob.core.windows.net/" } as const;
  return accessPoint({ name, access: "ReadOnly", store, identity: who, mode, dek: key, kek: { ...key, maaUrl: "https://maa.example" } });
}

const room = (more: Partial<Specification>): Specification => ({
  identities: [who],
  datasources: [],
  datasinks: [],
  applications: [],
  ...more,
});

test("a contract in the older form is deployed with the names of keys under it", () => {
  const specification = parseConfig("contract", olderForm()).config;
  const { volumes, identities } = planOf({ ...where, specification });
  expect(volumes.map(({ name, readOnly, mode, keys }) => ({ name, readOnly, mode, kek: keys?.kek }))).toEqual([
    { name: "cowin", readOnly: true, mode: "CPK", kek: "7e41c0da-c7" },
    { name: "logs", readOnly: false, mode: "CPK", kek: "7e41c0da-c7" },
  ]);
  expect(identities).toEqual({ managed: [], federated: ["0f2c7d1e-4a55"] });
});

test("what the network lets through is what the contract opens", () => {
  const bundle = "registry.example/policy@sha256:00";
  const allowedIPs = [{ address: "10.0.0.1", port: 443 }];
  const network = {
    http: { inbound: httpTraffic(bundle), outbound: httpTraffic(undefined) },
    tcp: { outbound: { enabled: true, allowedIPs } },
  };
  expect(planOf({ ...where, specification: room({ network: { ...network, dns: { enabled: false, port: 53 } } }) }).network).toEqual({
    inbound: { policyBundle: bundle },
    outbound: {},
    tcp: allowedIPs,
  });
  expect(planOf({ ...where, specification: room({}) }).network).toEqual({});
});

test("data that its store encrypts with keys of its own has none to tell of", () => {
  expect(planOf({ ...where, specification: room({ datasources: [data("open", "SSE")] }) }).volumes[0]).not.toHaveProperty("keys");
});

test.each([
  [
    "an identity with a password",
    { identities: [secretIdentity(who, { name: "password", vaultUrl: "https://vault.example/" })] },
    /identity "mi" has a password/,
  ],
  [
    "data under the name of another's encrypted form",
    { datasources: [data("a", "CSE"), data("a-plain", "SSE")] },
    /"a-plain" cannot be mounted beside "a"/,
  ],
])("%s cannot be deployed", (_, more, problem) => {
  expect(() => planOf({ ...where, specification: room(more) })).toThrow(problem);
});
