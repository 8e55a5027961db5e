import { describe, expect, test } from "vitest";
import { containersOf } from "../../../cleanroom/deployment/containers.js";
import { policyInput } from "../../../cleanroom/deployment/policyInput.js";
import { localSidecars } from "../../../cleanroom/deployment/sidecars.js";
import { plan, volume } from "./plan.js";

const around = ["ccr-proxy", "ccr-proxy-ext-processor-gov"];
const last = ["otel-collector", "ccr-governance", "ccr-attestation", "skr-sidecar", "ccr-secrets", "ccr-init"];
const names = (...of: Parameters<typeof plan>): string[] => containersOf(plan(...of), localSidecars).map(({ name }) => name);

function environment(container: string, more: Parameters<typeof plan>[0] = {}): Record<string, string | undefined> {
  const found = containersOf(plan(more), localSidecars).find(({ name }) => name === container);
  return Object.fromEntries((found?.environment ?? []).map(({ name, value }) => [name, value]));
}

describe("the containers of a clean room", () => {
  test("stand in the order of the public template", () => {
    expect(names()).toEqual(["train-code-launcher", "identity-sidecar", ...around, "cowin-blobfuse-container", ...last]);
  });

  test("have a filter for each direction that HTTP may take, before the proxy", () => {
    const open = names({ network: { inbound: {}, outbound: { policyBundle: "registry.example/policy@sha256:00" } } });
    expect(open.slice(2, 5)).toEqual(["ccr-proxy-ext-processor-inbound", "ccr-proxy-ext-processor-outbound", "ccr-proxy"]);
  });

  test("show what the client encrypted as it is, and decrypt that beside it", () => {
    const found = names({ volumes: [volume({ mode: "CSE" }), volume({ name: "open", mode: "SSE" })] });
    expect(found.filter((name) => name.includes("blobfuse"))).toEqual([
      "cowin-plain-blobfuse-container",
      "cowin-blobfuse-container",
      "open-blobfuse-container",
    ]);
  });

  test("are tied to one contract at one service", () => {
    const { serviceCert = "", ...rest } = environment("ccr-governance");
    expect(rest).toMatchObject({ ccrgovEndpoint: "https://127.0.0.1:8443", ccrgovApiPathPrefix: "app/contracts/collab1" });
    expect(Buffer.from(serviceCert, "base64").toString()).toBe(plan().serviceCertificate);
  });

  test("take tokens for the contract and for no other", () => {
    const described = JSON.parse(Buffer.from(environment("identity-sidecar").IdentitySideCarArgs ?? "", "base64").toString()) as unknown;
    expect(described).toEqual({
      Identities: {
        ManagedIdentities: [],
        ApplicationIdentities: [
          {
            ClientId: "client-1",
            Credential: {
              CredentialType: "FederatedCredential",
              FederationConfiguration: {
                IdTokenEndpoint: "http://localhost:8300",
                Subject: "collab1",
                Audience: "api://AzureADTokenExchange",
              },
            },
          },
        ],
      },
    });
  });

  test("tell the sidecars of data where it is and where its keys are", () => {
    expect(environment("cowin-blobfuse-container")).toMatchObject({
      AZURE_STORAGE_ACCOUNT: "tdpsa01",
      AZURE_STORAGE_ACCOUNT_CONTAINER: "cowin",
      MAA_ENDPOINT: "https://maa.example",
      KID: "7e41c0da-collab1",
      WRAPPED_DEK_SECRET: "wrapped-cowin-dek",
    });
  });
});

test("the input of a policy leaves open what only the deployment knows, and measures all else", () => {
  const { version, containers } = policyInput(containersOf(plan(), localSidecars));
  expect(version).toBe("1.0");
  const rules = new Map(containers.flatMap(({ environmentVariables }) => environmentVariables.map((rule) => [rule.name, rule.strategy])));
  const of = (strategy: string): string[] => [...rules].filter((rule) => rule[1] === strategy).map(([name]) => name);
  expect(of("re2").sort()).toEqual(
    [
      ...["APPLICATION_NAME", "CCR_FQDN", "CLIENT_ID", "IdentitySideCarArgs", "LogFile", "OTEL_EXPORTER_OTLP_ENDPOINT"],
      ...["OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_METRIC_EXPORT_INTERVAL", "Port", "TENANT_ID"],
    ].sort(),
  );
  expect(of("string")).toEqual(expect.arrayContaining(["ccrgovEndpoint", "ccrgovApiPathPrefix", "serviceCert", "KID", "MAA_ENDPOINT"]));
});
