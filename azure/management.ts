import type { ManagedIdentity } from "./resources.js";
import { rest, type Reach } from "./rest.js";
import { nameFor, unlessGiven } from "./roleAssignment.js";
import { ROLES, type Role } from "./roles.js";
import type { Credential } from "./tokens.js";

/** Whose tokens are taken for those of an identity. All three are compared as they stand. */
export type FederatedCredential = { readonly issuer: string; readonly subject: string; readonly audiences: readonly string[] };

/** What may be done to resources, by their ids. */
export type Management = {
  /** The ids of what is in a group. @param group `/subscriptions/ID/resourceGroups/NAME` @throws CloudError */
  readonly list: (group: string) => Promise<string[]>;
  /** @throws CloudError */
  readonly identity: (id: string) => Promise<ManagedIdentity>;
  /** Makes a credential, or takes the place of one of that name. @throws CloudError */
  readonly setFederatedCredential: (identity: string, name: string, credential: FederatedCredential) => Promise<void>;
  /** Gives a role to an identity; one that is given stays. @param scope id of a resource, or of what contains it @throws CloudError */
  readonly assignRole: (scope: string, principalId: string, role: Role) => Promise<void>;
  /** Makes a resource; one that is there stays as it is. For a local cloud: real ones want more said. @throws CloudError */
  readonly create: (id: string) => Promise<void>;
};

export const PUBLIC_MANAGEMENT = "https://management.azure.com";
const SCOPE = "https://management.azure.com/.default";

const apiVersions = { identity: "2023-01-31", roles: "2022-04-01", resources: "2023-02-01", groups: "2021-04-01" } as const;

export type ManagementOptions = Reach & { readonly credential: Credential };

/** Azure Resource Manager, or what speaks its protocol. */
export function management(endpoint: string, { credential, ...reach }: ManagementOptions): Management {
  const call = rest({ as: { credential, scope: SCOPE }, ...reach });
  const at = (id: string, version: string): string => `${endpoint}${id.replace(/\/$/, "")}?api-version=${version}`;
  return {
    list: async (group) => {
      const ids: string[] = [];
      for (let next: string | undefined = at(`${group}/resources`, apiVersions.groups); next !== undefined;) {
        const page = (await call("GET", next)) as { value: { id: string }[]; nextLink?: string };
        ids.push(...page.value.map(({ id }) => id));
        next = page.nextLink;
      }
      return ids;
    },
    identity: async (id) => {
      const { properties } = (await call("GET", at(id, apiVersions.identity))) as { properties: ManagedIdentity };
      const { clientId, principalId, tenantId } = properties;
      return { clientId, principalId, tenantId };
    },
    setFederatedCredential: async (identity, name, properties) => {
      await call("PUT", at(`${identity}/federatedIdentityCredentials/${name}`, apiVersions.identity), { json: { properties } });
    },
    assignRole: async (scope, principalId, role) => {
      const [, subscription] = /^(\/subscriptions\/[^/]+)/i.exec(scope) ?? [];
      const roleDefinitionId = `${subscription ?? ""}/providers/Microsoft.Authorization/roleDefinitions/${ROLES[role]}`;
      const name = `${scope}/providers/Microsoft.Authorization/roleAssignments/${nameFor([scope, principalId, role])}`;
      const properties = { roleDefinitionId, principalId, principalType: "ServicePrincipal" };
      await unlessGiven(call("PUT", at(name, apiVersions.roles), { json: { properties } }));
    },
    create: async (id) => {
      await call("PUT", at(id, apiVersions.resources), { json: {} });
    },
  };
}
