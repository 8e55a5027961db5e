import { rest, type Reach } from "./rest.js";
import { nameFor, unlessGiven } from "./roleAssignment.js";
import { ROLES, type Role } from "./roles.js";
import type { Credential } from "./tokens.js";

/** What stands before the id of a role of managed HSMs. */
export const HSM_ROLES = "Microsoft.KeyVault/providers/Microsoft.Authorization/roleDefinitions/";

/** Whether a role is one that managed HSMs keep themselves. */
export const isHsmRole = (role: Role): boolean => role.startsWith("Managed HSM ");

/**
 * Gives an identity a role for all keys of a managed HSM; one that is given stays.
 * https://learn.microsoft.com/rest/api/keyvault/keyvault/role-assignments/create
 *
 * @param endpoint `https://NAME.managedhsm.azure.net/`
 * @throws CloudError
 */
export async function assignHsmRole(
  endpoint: string,
  { credential, ...reach }: Reach & { readonly credential: Credential },
  principalId: string,
  role: Role,
): Promise<void> {
  const call = rest({ as: { credential, scope: "https://managedhsm.azure.net/.default" }, ...reach });
  const name = nameFor([endpoint, principalId, role]);
  const url = `${endpoint}keys/providers/Microsoft.Authorization/roleAssignments/${name}?api-version=7.4`;
  await unlessGiven(call("PUT", url, { json: { properties: { roleDefinitionId: `${HSM_ROLES}${ROLES[role]}`, principalId } } }));
}
