import { attestedIdentity, federatedIdentity } from "./identities.js";
import { accessPoint } from "./accessPoint.js";
import { application, settleMounts } from "./application.js";
import type { Path } from "./located.js";
import { httpTraffic } from "./network.js";
import { contractIdPlace } from "./contractNames.js";
import type { SeedAccessPoint, SeedApplication, SeedConfig, SeedIdentity } from "./seedSchema.js";
import type { AccessPoint, Application, Config, Governance, Identity } from "./specification.js";
import { modeOf } from "./encryptionMode.js";

type Fault = (path: Path, reason: string) => Error;

/** The same configuration in the present form. @throws what `fault` makes, where the older form names a datasink that it does not have */
export function fromSeedForm(seed: SeedConfig, fault: Fault): Config {
  const { specification, kek, networkPolicy, sandbox } = seed;
  const named = new Map(seed.identities.map((identity) => [identity.clientId, fromSeedIdentity(identity)]));
  const datasources = specification.datasources.map(({ datasource }) => fromSeedAccessPoint(datasource));
  const datasinks = specification.datasinks.map(({ datasink }) => fromSeedAccessPoint(datasink));
  const governance = telemetryOf(specification.telemetry, datasinks, fault);
  return settleMounts({
    ...(sandbox && { sandbox: { sandboxType: sandbox === "enabled" ? "Type_0" : "None" } }),
    identities: [attestedIdentity, ...named.values()],
    ...(kek && { kek: { name: `${kek.generateName}${contractIdPlace}`, vaultUrl: kek.__HSM_URL__, maaUrl: kek.__MAA_URL__ } }),
    datasources,
    datasinks,
    applications: specification.applications.map((entry) => fromSeedApplication(entry.name, entry.application)),
    ...(allowsInbound(networkPolicy) && { network: { http: { inbound: httpTraffic(networkPolicy?.policyBundleUrl) } } }),
    ...(governance && { governance }),
  });
}

function fromSeedIdentity({ clientId, tenantId }: SeedIdentity): Identity {
  return federatedIdentity({ name: `identity-${clientId.slice(0, 8)}`, clientId, tenantId });
}

function fromSeedAccessPoint({ Name, Type, Store, Identity: who, Protection }: SeedAccessPoint): AccessPoint {
  const { DEK, KEK } = Protection.EncryptionSecret;
  const kek = KEK.BackingResource;
  return accessPoint({
    name: Name,
    access: Type === "Volume__ReadOnly" ? "ReadOnly" : "ReadWrite",
    store: { name: Store.Name, type: "Azure_BlobStorage", id: Store.Id, url: Store.Provider.URL },
    identity: fromSeedIdentity(who),
    mode: modeOf(Protection.Configuration),
    dek: { name: DEK.BackingResource.Name, storeId: DEK.BackingResource.Name, vaultUrl: DEK.BackingResource.Provider.URL },
    kek: {
      name: `${kek.NamePrefix}${contractIdPlace}`,
      storeId: `${kek.NamePrefix}${contractIdPlace}`,
      vaultUrl: kek.Provider.URL,
      maaUrl: kek.Provider.Configuration ?? "",
    },
  });
}

function fromSeedApplication(name: string, { image, cpu, memory, ...more }: SeedApplication): Application {
  const mounts = (more.mount ?? []).map((mount) => {
    const [, source = "", path = ""] = /^src=([^:,]+)[:,]dst=(.*)$/.exec(mount) ?? [];
    return [source, path] as const;
  });
  return application({
    name,
    image,
    cpu,
    memory,
    command: more.command ?? [],
    environment: Object.fromEntries((more.env_var ?? []).map(splitOnce)),
    ports: more.ports ?? [],
    mounts: Object.fromEntries(mounts),
    startType: "Auto",
  });
}

function splitOnce(assignment: string): [string, string] {
  const place = assignment.indexOf("=");
  return [assignment.slice(0, place), assignment.slice(place + 1)];
}

function telemetryOf(
  telemetry: SeedConfig["specification"]["telemetry"],
  datasinks: readonly AccessPoint[],
  fault: Fault,
): Governance | undefined {
  const sink = (part: string, kind: string, name: string | undefined): AccessPoint => {
    const found = datasinks.find((candidate) => candidate.name === name);
    if (found) return found;
    throw fault(
      ["governance", "telemetry", part, kind],
      name === undefined ? `telemetry.${part} has no "${kind}"` : `no datasink is called "${name}"`,
    );
  };
  const application = telemetry?.application;
  const infrastructure = telemetry?.infrastructure;
  if (!application && !infrastructure) return undefined;
  return {
    telemetry: {
      ...(application && { application: { logs: sink("application", "logs", application.logs) } }),
      ...(infrastructure && {
        infrastructure: {
          metrics: sink("infrastructure", "metrics", infrastructure.metrics),
          traces: sink("infrastructure", "traces", infrastructure.traces),
          logs: sink("infrastructure", "logs", infrastructure.logs),
        },
      }),
    },
  };
}

function allowsInbound(policy: SeedConfig["networkPolicy"]): boolean {
  return policy !== undefined && (String(policy.allowAll) === "true" || (policy.policyBundleUrl ?? "") !== "");
}
