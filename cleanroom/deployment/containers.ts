import { compactJson } from "./compactJson.js";
import { mount, volumes, type Container, type Variable } from "./container.js";
import type { DeploymentPlan, HttpTraffic, PlannedApplication } from "./plan.js";
import { sidecarCommand, sidecarImage, type SidecarName, type Sidecars } from "./sidecars.js";
import { told } from "./telemetry.js";
import { volumeContainers } from "./volumeContainers.js";

/** The port of the clean room itself; the ports of applications stand beside it. */
export const cleanRoomPort = 8200;

/** All containers of a clean room, in the order of the template; the one that runs first stands last. */
export function containersOf(plan: DeploymentPlan, sidecars: Sidecars): Container[] {
  const { network } = plan;
  const at = (name: SidecarName, more: Partial<Container> = {}, ...args: string[]): Container => ({
    name,
    image: sidecarImage(sidecars, name),
    command: sidecarCommand(sidecars, name, ...args),
    environment: [],
    mounts: [],
    privileged: true,
    ports: [],
    cpu: 0.2,
    memoryInGB: 0.2,
    ...more,
  });
  const filter = (direction: "inbound" | "outbound", port: number, traffic: HttpTraffic | undefined): Container[] =>
    traffic ? [at("ccr-proxy-ext-processor", filtering(direction, port, traffic))] : [];
  return [
    ...plan.applications.map((application) => launcher(application, at)),
    at("identity", { name: "identity-sidecar", environment: [identitiesOf(plan), ...told("interval")] }),
    ...filter("inbound", 8282, network.inbound),
    ...filter("outbound", 8283, network.outbound),
    at("ccr-proxy", { environment: borders(plan), mounts: mount("telemetrymounts") }),
    at("ccr-proxy-ext-processor", {
      name: "ccr-proxy-ext-processor-gov",
      ports: [8281],
      environment: [{ name: "BUNDLE_RESOURCE_PATH", value: sidecarImage(sidecars, "ccr-governance-opa-policy") }],
    }),
    ...volumeContainers(plan.volumes, sidecars),
    at("otel-collector", { mounts: mount("telemetrymounts"), privileged: false }),
    at("ccr-governance", { environment: governanceOf(plan), mounts: mount("uds") }),
    at("ccr-attestation", { mounts: mount("uds") }, "-socket-address", `${volumes.uds}/sock`),
    at("skr", { name: "skr-sidecar", environment: keyRelease, mounts: mount("uds") }),
    at("ccr-secrets", {
      environment: [
        { name: "IDENTITY_PORT", value: "8290" },
        { name: "SKR_PORT", value: "8284" },
      ],
    }),
    at("ccr-init", { mounts: mount("volumestatusmounts", "telemetrymounts"), init: true }, ...firewall(plan)),
  ];
}

function launcher(
  { name, agreed, ports, cpu, memoryInGB }: PlannedApplication,
  at: (sidecar: SidecarName, more: Partial<Container>, ...args: string[]) => Container,
): Container {
  return at(
    "code-launcher",
    {
      name: `${name}-code-launcher`,
      cpu,
      memoryInGB,
      ports: [cleanRoomPort, ...ports],
      environment: [{ name: "APPLICATION_NAME", value: name }, ...told("telemetry", "volumestatus", "endpoint", "protocol")],
      mounts: mount("remotemounts", "telemetrymounts", "volumestatusmounts"),
    },
    ...["--application-name", name, "--application-base-64", base64(compactJson(agreed))],
  );
}

function identitiesOf({ identities, contractId }: DeploymentPlan): Variable {
  const federation = {
    IdTokenEndpoint: "http://localhost:8300",
    Subject: contractId,
    Audience: "api://AzureADTokenExchange",
  };
  const described = {
    Identities: {
      ManagedIdentities: identities.managed.map((ClientId) => ({ ClientId })),
      ApplicationIdentities: identities.federated.map((ClientId) => ({
        ClientId,
        Credential: { CredentialType: "FederatedCredential", FederationConfiguration: federation },
      })),
    },
  };
  return { name: "IdentitySideCarArgs", value: base64(JSON.stringify(described)) };
}

function filtering(direction: string, port: number, { policyBundle }: HttpTraffic): Partial<Container> {
  return {
    name: `ccr-proxy-ext-processor-${direction}`,
    ports: [port],
    environment: [
      { name: "PORT", value: String(port) },
      ...(policyBundle === undefined ? [] : [{ name: "BUNDLE_RESOURCE_PATH", value: policyBundle }]),
      { name: "CCR_POLICY_ALLOW_ALL", value: String(policyBundle === undefined) },
    ],
  };
}

function borders({ network }: DeploymentPlan): Variable[] {
  return [
    { name: "CCR_FQDN", value: undefined },
    { name: "ALLOW_HTTP_INBOUND_ACCESS", value: String(network.inbound !== undefined) },
    { name: "ALLOW_HTTP_OUTBOUND_ACCESS", value: String(network.outbound !== undefined) },
    { name: "ALLOW_TCP_OUTBOUND_ACCESS", value: String(network.tcp !== undefined) },
  ];
}

/** What ties a clean room to one contract at one service. */
function governanceOf({ contractId, ccfEndpoint, serviceCertificate }: DeploymentPlan): Variable[] {
  return [
    { name: "ccrgovEndpoint", value: ccfEndpoint },
    { name: "ccrgovApiPathPrefix", value: `app/contracts/${contractId}` },
    { name: "serviceCert", value: base64(serviceCertificate) },
    ...told("telemetry"),
  ];
}

/** Where the sidecar that releases keys finds the certificates of its processor: the host's own cache of them. */
const certificateCache = { certcache: { endpoint_type: "LocalTHIM", endpoint: "169.254.169.254/metadata/THIM/amd/certification" } };

const keyRelease: Variable[] = [
  { name: "SkrSideCarArgs", value: base64(JSON.stringify(certificateCache)) },
  { name: "Port", value: "8284" },
  { name: "LogFile", value: "skr.log" },
  { name: "LogLevel", value: "Info" },
];

function firewall({ network: { tcp, dnsPort } }: DeploymentPlan): string[] {
  return [
    ...["--clear-mount-paths", volumes.telemetrymounts, volumes.volumestatusmounts],
    ...["--create-directories", `${volumes.telemetrymounts}/application`, `${volumes.telemetrymounts}/infrastructure`],
    ...(dnsPort === undefined ? [] : ["--enable-dns", "--dns-port", String(dnsPort)]),
    ...(tcp === undefined ? [] : ["--allowed-ips", JSON.stringify(tcp)]),
  ];
}

function base64(text: string): string {
  return Buffer.from(text, "utf8").toString("base64");
}
