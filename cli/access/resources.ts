import type { AnyCloud } from "../../azure/cloud.js";
import { CommandError } from "../failure.js";
import { readText } from "../io.js";

/** What a party has in its cloud for clean rooms; all are ids of resources. */
export type PartyResources = {
  readonly storageAccount: string;
  readonly identity: string;
  /** Where wrapped keys are. */
  readonly secretVaults: readonly string[];
  /** Where key encryption keys are, which are released. */
  readonly keyVaults: readonly string[];
};

/** What a group holds, or else what a file says that holds the answer of `create-resources`. @throws CommandError, CloudError */
export async function partyResources(group: string, file: string | undefined, cloud: AnyCloud): Promise<PartyResources> {
  if (file !== undefined) return resourcesIn(await readText(file), file);
  if (!/^[\w.()-]{1,90}$/.test(group)) throw new CommandError(`"${group}" is no name of a resource group`);
  const ids = await cloud.management().list(`/subscriptions/${await cloud.subscription()}/resourceGroups/${group}`);
  const of = (type: string): string[] => ids.filter((id) => id.toLowerCase().includes(`/providers/${type}/`));
  const only = (found: readonly string[], what: string): string => {
    const [one, ...others] = found;
    if (one === undefined) {
      const how = cloud.kind === "local" ? `: cleanroom sandbox azure create-resources --resource-group ${group} --kv-type akvpremium` : "";
      throw new CommandError(`resource group "${group}" has no ${what}: make the resources of this party before${how}`);
    }
    if (others.length === 0) return one;
    const names = found.map((id) => id.split("/").at(-1)).join(", ");
    throw new CommandError(
      `resource group "${group}" has more than one ${what} (${names}): say which with --resources FILE, the JSON that lists them`,
    );
  };
  const vault = only(of("microsoft.keyvault/vaults"), "vault");
  return {
    storageAccount: only(of("microsoft.storage/storageaccounts"), "storage account"),
    identity: only(of("microsoft.managedidentity/userassignedidentities"), "managed identity"),
    secretVaults: [vault],
    // Which of them has the keys, the party chose when it set up its configuration.
    keyVaults: [vault, ...of("microsoft.keyvault/managedhsms")],
  };
}

function resourcesIn(text: string, file: string): PartyResources {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (cause) {
    throw new CommandError(`${file} is no JSON: give what \`sandbox azure create-resources\` printed`, { cause });
  }
  const at = (path: string, type: RegExp): string => {
    const value = path
      .split(".")
      .reduce<unknown>((inner, name) => (typeof inner === "object" && inner !== null ? Reflect.get(inner, name) : undefined), content);
    if (typeof value === "string" && /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\//i.test(value) && type.test(value)) {
      return value;
    }
    throw new CommandError(`${file} has no resource id at ${path}: give what \`sandbox azure create-resources\` printed`);
  };
  return {
    storageAccount: at("sa.id", /\/Microsoft\.Storage\/storageAccounts\/[^/]+$/i),
    identity: at("mi.id", /\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/[^/]+$/i),
    secretVaults: [at("dek.kv.id", /\/Microsoft\.KeyVault\/vaults\/[^/]+$/i)],
    keyVaults: [at("kek.kv.id", /\/Microsoft\.KeyVault\/(vaults|managedHSMs)\/[^/]+$/i)],
  };
}
