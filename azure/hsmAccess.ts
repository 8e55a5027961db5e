import { rest } from "./rest.js";
import { nameFor, unlessGiven } from "./roleAssignment.js";
import type { Credential } from "./tokens.js";

/** "Managed HSM Crypto Service Release User". https://learn.microsoft.com/azure/key-vault/managed-hsm/built-in-roles */
const RELEASE = "Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/21dbd100-6940-42c2-9190-5d6cb909625c";

/**
 * Lets an identity have keys of a managed HSM released, which keeps its own list of who may do what with keys.
 * https://learn.microsoft.com/rest/api/keyvault/role-assignments/create
 *
 * @param endpoint `https://NAME.managedhsm.azure.net/`
 * @throws CloudError
 */
export async function allowRelease(endpoint: string, credential: Credential, principalId: string): Promise<void> {
  const call = rest({ as: { credential, scope: "https://managedhsm.azure.net/.default" } });
  const name = nameFor([endpoint, principalId, RELEASE]);
  const url = `${endpoint}keys/providers/Microsoft.Authorization/roleAssignments/${name}?api-version=7.4`;
  await unlessGiven(call("PUT", url, { json: { properties: { roleDefinitionId: RELEASE, principalId } } }));
}
