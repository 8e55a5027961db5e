import type {
  CloudIdentities,
  DeploymentPlan,
  HttpTraffic,
  PlannedApplication,
  PlannedNetwork,
  Volume,
} from "../../cleanroom/deployment/plan.js";
import { plainName } from "../../cleanroom/deployment/volumeContainers.js";
import {
  authorityOf,
  modeOf,
  underContract,
  type AccessPoint,
  type Application,
  type Identity,
  type Specification,
} from "../config/model.js";
import { CommandError } from "../failure.js";

/** Where the members agreed, and on what. */
export type AgreedContract = {
  readonly contractId: string;
  readonly ccfEndpoint: string;
  /** PEM */
  readonly serviceCertificate: string;
  readonly specification: Specification;
};

/** What is to be deployed for a contract. @throws CommandError where that cannot be deployed */
export function planOf({ specification, ...where }: AgreedContract): DeploymentPlan {
  const { applications, datasources, datasinks, identities, network } = underContract(specification, where.contractId);
  return {
    ...where,
    applications: applications.map(applicationOf),
    volumes: distinct([...datasources, ...datasinks].map(volumeOf)),
    identities: identitiesOf(identities),
    network: networkOf(network),
  };
}

function applicationOf(application: Application): PlannedApplication {
  const { name, runtimeSettings } = application;
  const { cpu, memoryInGB } = runtimeSettings.resource.requests;
  return { name, cpu, memoryInGB, ports: runtimeSettings.ports, agreed: application };
}

function volumeOf({ name, type, store, identity, protection }: AccessPoint): Volume {
  const mode = modeOf(protection.configuration);
  const secrets = protection.encryptionSecrets;
  if (mode !== "SSE" && !secrets)
    throw new CommandError(`"${name}" is encrypted (${mode}), and the contract does not say where its keys are`);
  const dek = secrets?.dek.secret.backingResource;
  const kek = secrets?.kek.secret.backingResource;
  return {
    name,
    readOnly: type === "Volume_ReadOnly",
    oneLake: store.type === "Azure_OneLake",
    mode,
    accountUrl: urlOf(store.provider.url, name),
    container: store.name,
    clientId: identity.clientId,
    tenantId: identity.tenantId,
    ...(dek &&
      kek && {
        keys: {
          kek: kek.name,
          kekVaultUrl: kek.provider.url,
          maaUrl: authorityOf(kek.provider.configuration),
          wrappedDek: dek.name,
          dekVaultUrl: dek.provider.url,
        },
      }),
  };
}

/** Data that a client encrypted is also mounted as it is, under a name that nothing else may have. */
function distinct(volumes: readonly Volume[]): readonly Volume[] {
  for (const { name } of volumes.filter(({ mode }) => mode === "CSE")) {
    const taken = volumes.find((other) => other.name === plainName(name));
    if (taken)
      throw new CommandError(`"${taken.name}" cannot be mounted beside "${name}", which takes that name for its encrypted form: rename it`);
  }
  return volumes;
}

function urlOf(text: string, name: string): string {
  if (URL.canParse(text)) return text;
  throw new CommandError(`"${name}" is in a store at ${JSON.stringify(text)}, which is no URL`);
}

function identitiesOf(identities: readonly Identity[]): CloudIdentities {
  const secret = identities.find(({ tokenIssuer }) => tokenIssuer.issuerType === "SecretBasedTokenIssuer");
  if (secret)
    throw new CommandError(`identity "${secret.name}" has a password: no sidecar of a clean room can use it. Give it a federated one`);
  const named = (federated: boolean): string[] =>
    identities
      .filter(
        ({ clientId, tokenIssuer }) => clientId !== "" && (tokenIssuer.issuerType === "FederatedIdentityBasedTokenIssuer") === federated,
      )
      .map(({ clientId }) => clientId);
  return { managed: named(false), federated: named(true) };
}

function networkOf(network: Specification["network"]): PlannedNetwork {
  const { http, tcp, dns } = network ?? {};
  const inbound = trafficOf(http?.inbound);
  const outbound = trafficOf(http?.outbound);
  return {
    ...(inbound && { inbound }),
    ...(outbound && { outbound }),
    ...(tcp?.outbound?.enabled === true && { tcp: tcp.outbound.allowedIPs }),
    ...(dns?.enabled === true && { dnsPort: dns.port }),
  };
}

type Traffic = NonNullable<NonNullable<NonNullable<Specification["network"]>["http"]>["inbound"]>;

function trafficOf(traffic: Traffic | undefined): HttpTraffic | undefined {
  if (traffic?.enabled !== true) return undefined;
  const policy = traffic.policy.privacyPolicy?.policy;
  if (!policy) return {};
  if ("backingResource" in policy) return { policyBundle: policy.backingResource.id };
  throw new CommandError("the policy of the network stands in the contract itself: the sidecars take it as a bundle in a registry");
}
