import type { Measured } from "../deployment/container.js";
import type { VolumeKeys } from "../deployment/plan.js";
import { UnreadableTemplate, type ReadTemplate } from "../deployment/templateReading.js";
import { argument, containerNamed, folderName, measured } from "./containerReading.js";
import type { RoomIdentity, RoomVolume } from "./plan.js";

/** The datasources and datasinks that a template mounts. @throws UnreadableTemplate */
export function readVolumes(read: ReadTemplate, contractId: string): RoomVolume[] {
  const launchers = read.containers.filter(({ command }) => command.includes("--custom-encryption-mode"));
  const federations = launchers.length === 0 ? {} : federationsIn(read, contractId);
  // What a client encrypted is mounted twice: without a mode it is only shown as it is stored.
  return launchers
    .filter((launcher) => argument(launcher, "--custom-encryption-mode") !== "None")
    .map((launcher) => volumeOf(launcher, federations));
}

function volumeOf(launcher: Measured, federations: Federations): RoomVolume {
  const name = folderName(measured(launcher, "ACCESS_NAME"), "a volume");
  const mode = argument(launcher, "--custom-encryption-mode");
  if (mode !== "CSE" && mode !== "CPK" && mode !== "SSE") throw new UnreadableTemplate(`"${name}" is encrypted as ${String(mode)}`);
  return {
    name,
    readOnly: launcher.command.includes("--read-only"),
    oneLake: launcher.command.includes("--use-adls"),
    mode,
    accountUrl: measured(launcher, "AZURE_STORAGE_BLOB_ENDPOINT"),
    container: measured(launcher, "AZURE_STORAGE_ACCOUNT_CONTAINER"),
    identity: identityOf(name, launcher, federations),
    ...(mode !== "SSE" && { keys: keysOf(launcher) }),
  };
}

function keysOf(launcher: Measured): VolumeKeys {
  return {
    kek: measured(launcher, "KID"),
    kekVaultUrl: measured(launcher, "AKV_ENDPOINT"),
    maaUrl: measured(launcher, "MAA_ENDPOINT"),
    wrappedDek: measured(launcher, "WRAPPED_DEK_SECRET"),
    dekVaultUrl: measured(launcher, "WRAPPED_DEK_AKV_ENDPOINT"),
  };
}

function identityOf(volume: string, launcher: Measured, federations: Federations): RoomIdentity {
  const clientId = measured(launcher, "CLIENT_ID");
  const federation = Object.hasOwn(federations, clientId) ? federations[clientId] : undefined;
  if (!federation) {
    throw new UnreadableTemplate(
      `"${volume}" is read as client ${clientId}, which takes no token of governance: managed identities of a container group are on Azure alone`,
    );
  }
  return { clientId, tenantId: measured(launcher, "TENANT_ID"), ...federation };
}

type Federations = Readonly<Record<string, Pick<RoomIdentity, "subject" | "audience">>>;

type IdentityArguments = {
  readonly Identities?: {
    readonly ApplicationIdentities?: readonly {
      readonly ClientId?: string;
      readonly Credential?: { readonly FederationConfiguration?: { readonly Subject?: string; readonly Audience?: string } };
    }[];
  };
};

/** How identities show who they are, by client id. */
function federationsIn(read: ReadTemplate, contractId: string): Federations {
  const text = measured(containerNamed(read, "identity-sidecar"), "IdentitySideCarArgs");
  try {
    const { Identities } = JSON.parse(Buffer.from(text, "base64").toString("utf8")) as IdentityArguments;
    const known = (Identities?.ApplicationIdentities ?? []).map(({ ClientId = "", Credential }) => {
      const { Subject = contractId, Audience = "api://AzureADTokenExchange" } = Credential?.FederationConfiguration ?? {};
      return [ClientId, { subject: Subject, audience: Audience }] as const;
    });
    return Object.fromEntries(known);
  } catch (cause) {
    throw new UnreadableTemplate("IdentitySideCarArgs is not the base64 of a description of identities", { cause });
  }
}
