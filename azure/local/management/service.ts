import type { FederatedCredential } from "../../management.js";
import { ROLES } from "../../roles.js";
import { Refused } from "../refused.js";
import { objectIn, type Answer } from "../serve.js";
import type { State, Store } from "../state.js";
import type { Authenticate } from "../tokens/accessToken.js";
import { identityOf, idsIn, resourceIn, withAssignment, withCredential, withResource, type Resource } from "./resources.js";

export type ManagementService = {
  readonly store: Store;
  readonly authenticate: Authenticate;
  /** Called when there is one storage account more; the request is answered after. */
  readonly accountsChanged: () => Promise<void>;
};

type Body = Readonly<Record<string, unknown>>;

/** What Azure Resource Manager does for the few kinds of resources that a clean room needs. The person alone may ask. */
export function managementService({ store, authenticate, accountsChanged }: ManagementService): Answer {
  return async ({ method, path, token, body }) => {
    const { clientId } = await authenticate(token, ["https://management.azure.com"]);
    const { person } = store.state();
    if (clientId !== person.clientId) {
      throw new Refused(403, "AuthorizationFailed", `client ${clientId} may not manage resources`);
    }
    const [, scope, assignment] =
      /^(\/subscriptions\/.+?)\/providers\/Microsoft\.Authorization\/roleAssignments\/([0-9a-f-]{36})$/i.exec(path) ?? [];
    if (method === "PUT" && scope !== undefined) {
      const given = assignmentIn(scope.toLowerCase(), objectIn(body));
      await store.change((state) => withAssignment(state, given));
      return { id: path, name: assignment, properties: given };
    }
    const [, group] = /^(\/subscriptions\/[^/]+\/resourcegroups\/[^/]+)\/resources$/.exec(path.toLowerCase()) ?? [];
    if (method === "GET" && group !== undefined) return { value: idsIn(store.state(), group).map((id) => ({ id })) };
    const named = resourceIn(path);
    if (!named) throw notFound(path);
    const { resource, more } = named;
    if (more.length === 0) return method === "PUT" ? put(resource, store, accountsChanged) : get(method, resource, store.state());
    const [list, name] = more;
    if (method !== "PUT" || resource.kind !== "identity" || list !== "federatedidentitycredentials" || name === undefined) {
      throw notFound(path);
    }
    const properties = credentialIn(objectIn(body));
    await store.change((state) => withCredential(state, resource.id, name, properties));
    return { id: path, name, properties };
  };
}

async function put(resource: Resource, store: Store, accountsChanged: () => Promise<void>): Promise<unknown> {
  const accounts = Object.keys(store.state().accounts).length;
  const after = await store.change((state) => withResource(state, resource));
  if (Object.keys(after.accounts).length !== accounts) await accountsChanged();
  return get("GET", resource, after);
}

function get(method: string, { kind, id, name }: Resource, state: State): unknown {
  if (method !== "GET") throw new Refused(405, "MethodNotAllowed", `${method} is not for ${id}`);
  if (kind === "identity") {
    const { clientId, principalId, tenantId } = identityOf(state, id);
    return { id, name, properties: { clientId, principalId, tenantId } };
  }
  if (kind === "storage" ? !Object.hasOwn(state.accounts, name) : !Object.hasOwn(state.vaults, name)) throw notFound(id);
  return { id, name, properties: {} };
}

/** @throws Refused BadRequest */
function assignmentIn(scope: string, { properties }: Body) {
  const { roleDefinitionId, principalId } = (properties ?? {}) as Body;
  const role = typeof roleDefinitionId === "string" ? roleDefinitionId.split("/").at(-1) : undefined;
  const known = Object.values<string | undefined>(ROLES).includes(role);
  if (role !== undefined && known && typeof principalId === "string") return { scope, principalId, role };
  throw new Refused(400, "BadRequest", `a role assignment wants a principalId, and one of the roles ${Object.keys(ROLES).join(", ")}`);
}

/** @throws Refused BadRequest */
function credentialIn({ properties }: Body): FederatedCredential {
  const { issuer, subject, audiences } = (properties ?? {}) as Body;
  if (typeof issuer === "string" && URL.canParse(issuer) && issuer.startsWith("https:") && typeof subject === "string" && subject !== "") {
    if (Array.isArray(audiences) && audiences.length === 1 && typeof audiences[0] === "string") {
      return { issuer, subject, audiences: [audiences[0]] };
    }
  }
  throw new Refused(400, "BadRequest", "a federated credential wants an HTTPS issuer, a subject, and audiences with one element");
}

function notFound(path: string): Refused {
  return new Refused(404, "ResourceNotFound", `there is nothing at ${path}`);
}
