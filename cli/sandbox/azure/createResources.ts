import { createHash } from "node:crypto";
import { cloudAt } from "../../../azure/cloud.js";
import { LOCAL_SUBSCRIPTION } from "../../../azure/localCloud.js";
import { command, oneOf, required } from "../../command.js";
import { UsageError } from "../../failure.js";
import { runningAzure } from "./place.js";

export default command({
  description:
    "Makes what one party needs in the local cloud: a storage account, a vault for keys and one for wrapped keys, and a managed identity, " +
    "which has no rights yet. It prints their ids. What is there already stays.",
  examples: [
    [
      "The resources of the publisher",
      "cleanroom sandbox azure create-resources --resource-group publisher-1 --kv-type akvpremium > pub.json",
    ],
  ],
  options: {
    resourceGroup: required("--resource-group <name>", "what the resources belong to; their names follow from it"),
    kvType: oneOf("--kv-type <type>", "where key encryption keys are: in a premium vault, or in a managed HSM", ["akvpremium", "mhsm"]),
  },
  run: async ({ resourceGroup, kvType }, io) => {
    const local = await runningAzure(io);
    const { management, attestationEndpoint } = cloudAt(local);
    const { dek, kek, sa, mi } = idsFor(resourceGroup, kvType);
    for (const id of new Set([dek, kek, sa, mi])) await management().create(id);
    const entry = (id: string) => ({ id, name: id.split("/").at(-1), resourceGroup });
    return {
      resourceGroup,
      kek: { kv: { ...entry(kek), type: kvType } },
      dek: { kv: entry(dek) },
      sa: entry(sa),
      mi: { ...entry(mi), ...(await management().identity(mi)) },
      maa_endpoint: attestationEndpoint,
    };
  },
});

/** Names are the same for the same resource group. Those of accounts and vaults are unique, so they have a mark. @throws UsageError */
function idsFor(group: string, kvType: "akvpremium" | "mhsm") {
  if (!/^[\w.()-]{1,90}$/.test(group)) throw new UsageError(`"${group}" is no name of a resource group`);
  const mark = createHash("sha256").update(group).digest("hex").slice(0, 8);
  const letters = group.toLowerCase().replace(/[^a-z0-9]/g, "").replace(/^\d+/, ""); // prettier-ignore
  const name = `${letters.slice(0, 10)}${mark}`;
  const at = (type: string, resource: string): string =>
    `/subscriptions/${LOCAL_SUBSCRIPTION}/resourceGroups/${group}/providers/${type}/${resource}`;
  const dek = at("Microsoft.KeyVault/vaults", `kv${name}`);
  return {
    dek,
    kek: kvType === "mhsm" ? at("Microsoft.KeyVault/managedHSMs", `hsm${name}`) : dek,
    sa: at("Microsoft.Storage/storageAccounts", `sa${name}`),
    mi: at("Microsoft.ManagedIdentity/userAssignedIdentities", `mi${name}`),
  };
}
