import { randomBytes, randomUUID } from "node:crypto";
import { ROLES } from "../../roles.js";
import type { FederatedCredential } from "../../management.js";
import { Refused } from "../refused.js";
import type { Assignment, IdentityState, State } from "../state.js";

/** A resource of the kinds that a local cloud has; ids are in lower case. */
export type Resource = { readonly kind: "storage" | "vault" | "identity"; readonly id: string; readonly name: string };

const kinds: readonly (readonly [Resource["kind"], string, RegExp])[] = [
  ["storage", "microsoft.storage/storageaccounts", /^[a-z0-9]{3,24}$/],
  ["vault", "microsoft.keyvault/vaults", /^[a-z][a-z0-9-]{2,23}$/],
  ["vault", "microsoft.keyvault/managedhsms", /^[a-z][a-z0-9-]{2,23}$/],
  ["identity", "microsoft.managedidentity/userassignedidentities", /^[a-z0-9][a-z0-9_-]{2,127}$/],
];

/** What a path names, and what of it. */
export function resourceIn(path: string): { readonly resource: Resource; readonly more: readonly string[] } | undefined {
  const lower = path.toLowerCase();
  const [, group = "", type = "", name = "", more = ""] =
    /^(\/subscriptions\/[^/]+\/resourcegroups\/[^/]+)\/providers\/([^/]+\/[^/]+)\/([^/]+)(\/.*)?$/.exec(lower) ?? [];
  const [kind] = kinds.find(([, provider, names]) => provider === type && names.test(name)) ?? [];
  if (!kind) return undefined;
  return { resource: { kind, id: `${group}/providers/${type}/${name}`, name }, more: more.split("/").slice(1) };
}

/**
 * Makes a resource; one of that id stays. The person has every role for a vault that they made, but to release keys.
 *
 * @throws Refused where another resource has the name, which is one for the whole cloud
 */
export function withResource(state: State, { kind, id, name }: Resource): State {
  switch (kind) {
    case "storage": {
      const key = Object.hasOwn(state.accounts, name) ? state.accounts[name] : undefined;
      const taken = state.accountIds?.[name];
      if (key !== undefined && taken === id) return state;
      if (taken !== undefined && taken !== id) throw new Refused(409, "StorageAccountAlreadyTaken", `there is another account ${name}`);
      return {
        ...state,
        accounts: { ...state.accounts, [name]: key ?? randomBytes(64).toString("base64") },
        accountIds: { ...state.accountIds, [name]: id },
      };
    }
    case "identity":
      return Object.hasOwn(state.identities, id) ? state : { ...state, identities: { ...state.identities, [id]: newIdentity(state) } };
    case "vault": {
      const there = Object.hasOwn(state.vaults, name) ? state.vaults[name] : undefined;
      if (there?.id === id) return state;
      if (there) throw new Refused(409, "VaultAlreadyExists", `there is another vault of the name ${name}`);
      const vaults = { ...state.vaults, [name]: { id, secrets: {}, keys: {} } };
      const owner = { scope: id, principalId: state.person.principalId, role: ROLES["Key Vault Administrator"] };
      return { ...withAssignment(state, owner), vaults };
    }
  }
}

/** What is in a group, by its id in lower case. */
export function idsIn({ accountIds = {}, vaults, identities }: State, group: string): string[] {
  const ids = [...Object.values(accountIds), ...Object.values(vaults).map(({ id }) => id), ...Object.keys(identities)];
  return ids.filter((id) => id.startsWith(`${group}/`));
}

function newIdentity({ tenantId }: State): IdentityState {
  return { clientId: randomUUID(), principalId: randomUUID(), tenantId, credentials: {} };
}

export function withAssignment(state: State, given: Assignment): State {
  const same = ({ scope, principalId, role }: Assignment): boolean =>
    scope === given.scope && principalId === given.principalId && role === given.role;
  return state.assignments.some(same) ? state : { ...state, assignments: [...state.assignments, given] };
}

/** @throws Refused where another credential has the same issuer and subject, as on Azure */
export function withCredential(state: State, identityId: string, name: string, credential: FederatedCredential): State {
  const identity = identityOf(state, identityId);
  const clash = Object.entries(identity.credentials).find(
    ([other, { issuer, subject }]) => other !== name && issuer === credential.issuer && subject === credential.subject,
  );
  if (clash) throw new Refused(409, "Conflict", `the credential ${clash[0]} has the same issuer and subject`);
  const credentials = { ...identity.credentials, [name]: credential };
  return { ...state, identities: { ...state.identities, [identityId]: { ...identity, credentials } } };
}

/** @throws Refused ResourceNotFound */
export function identityOf({ identities }: State, id: string): IdentityState {
  const identity = Object.hasOwn(identities, id) ? identities[id] : undefined;
  if (identity) return identity;
  throw new Refused(404, "ResourceNotFound", `there is no identity ${id}`);
}
