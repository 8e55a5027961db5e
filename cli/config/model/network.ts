import { endpoint } from "./identities.js";
import type { Config, Network } from "./specification.js";

type Traffic = NonNullable<NonNullable<Network["http"]>["inbound"]>;

/** HTTP traffic through the proxy: judged by a policy where there is one, else all of it. */
export function httpTraffic(policyBundle: string | undefined): Traffic {
  return {
    enabled: true,
    policy: {
      proxyType: "API",
      proxyMode: "Open",
      ...(policyBundle !== undefined && policyBundle !== "" && { privacyPolicy: { policy: bundle(policyBundle) } }),
    },
  };
}

/** A policy in a registry: `REGISTRY/NAME@sha256:DIGEST`. */
function bundle(reference: string) {
  const [registry = reference] = reference.split("/", 1);
  const provider = endpoint("AzureContainerRegistry", registry);
  return {
    documentType: "OCI",
    authenticityReceipt: "",
    backingResource: { name: reference, type: "AzureContainerRegistry", id: reference, provider },
  };
}

/** Sets one kind of traffic, or takes it away; what is left empty goes with it. */
export function withNetwork<K extends keyof Network>(config: Config, kind: K, value: Network[K] | undefined): Config {
  const { network, ...rest } = config;
  const merged = Object.fromEntries(Object.entries({ ...network, [kind]: value }).filter(([, part]) => !empty(part))) as Network;
  return empty(merged) ? rest : { ...rest, network: merged };
}

function empty(part: unknown): boolean {
  return part === undefined || (typeof part === "object" && part !== null && Object.values(part).every((inner) => inner === undefined));
}
