import { endpoint } from "./identities.js";
import type { Application, Config, Identity } from "./specification.js";

export type DescribedApplication = {
  readonly name: string;
  /** `REGISTRY/NAME@sha256:DIGEST` */
  readonly image: string;
  /** Cores. */
  readonly cpu: number;
  /** GB */
  readonly memory: number;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
  readonly startType: Application["startType"];
  /** Names to paths; each of the three may be left out. */
  readonly datasources?: Readonly<Record<string, string>>;
  readonly datasinks?: Readonly<Record<string, string>>;
  readonly mounts?: Readonly<Record<string, string>>;
  /** Who may fetch the image. */
  readonly registryIdentity?: Identity | undefined;
};

/** Where an image is fetched from that names no registry. */
const DEFAULT_REGISTRY = "docker.io";

export function application({ image, datasources = {}, datasinks = {}, mounts = {}, ...more }: DescribedApplication): Application {
  const slash = image.indexOf("/");
  const registry = slash > 0 ? image.slice(0, slash) : DEFAULT_REGISTRY;
  return {
    name: more.name,
    image: {
      executable: {
        documentType: "OCI",
        authenticityReceipt: "",
        ...(more.registryIdentity && { identity: more.registryIdentity }),
        backingResource: {
          name: more.name,
          type: "AzureContainerRegistry",
          id: image,
          provider: endpoint("AzureContainerRegistry", registry),
        },
      },
      enforcementPolicy: { policy: { policyDocument: JSON.stringify({ trustType: "https" }) } },
    },
    startType: more.startType,
    command: more.command,
    environmentVariables: more.environment,
    datasources,
    datasinks,
    runtimeSettings: {
      ports: more.ports,
      resource: { requests: { cpu: more.cpu, memoryInGB: more.memory } },
      ...(Object.keys(mounts).length > 0 && { mounts }),
    },
  };
}

/** Makes of mounts, where the configuration has their names, what they are: of datasources or of datasinks. */
export function settleMounts<C extends Config>(config: C): C {
  return { ...config, applications: config.applications.map((one) => settled(one, config)) };
}

function settled(one: Application, { datasources, datasinks }: Config): Application {
  const { mounts, ...settings } = one.runtimeSettings;
  if (!mounts) return one;
  const of = (points: Config["datasources"]) => Object.entries(mounts).filter(([name]) => points.some((point) => point.name === name));
  const sources = of(datasources);
  const sinks = of(datasinks);
  const rest = Object.entries(mounts).filter((mount) => ![...sources, ...sinks].some(([name]) => name === mount[0]));
  return {
    ...one,
    datasources: { ...one.datasources, ...Object.fromEntries(sources) },
    datasinks: { ...one.datasinks, ...Object.fromEntries(sinks) },
    runtimeSettings: { ...settings, ...(rest.length > 0 && { mounts: Object.fromEntries(rest) }) },
  };
}
