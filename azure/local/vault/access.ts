import { ROLES, type Role } from "../../roles.js";
import type { Assignment } from "../state.js";

export type Operation = "readSecrets" | "writeSecrets" | "readKeys" | "writeKeys" | "releaseKeys" | "assignRoles";

const allowed: Readonly<Partial<Record<Role, readonly Operation[]>>> = {
  "Key Vault Administrator": ["readSecrets", "writeSecrets", "readKeys", "writeKeys", "assignRoles"],
  "Key Vault Crypto Officer": ["readKeys", "writeKeys"],
  "Key Vault Secrets User": ["readSecrets"],
  "Key Vault Crypto Service Release User": ["releaseKeys"],
  "Managed HSM Crypto Service Release User": ["releaseKeys"],
};

/** Whether somebody may do something to a vault, by roles for it or for what contains it. */
export function mayDo(operation: Operation, vaultId: string, principalId: string, assignments: readonly Assignment[]): boolean {
  return assignments.some(
    (assignment) =>
      assignment.principalId === principalId && contains(assignment.scope, vaultId) && operationsOf(assignment.role).includes(operation),
  );
}

function contains(scope: string, id: string): boolean {
  return id === scope || id.startsWith(`${scope}/`);
}

function operationsOf(role: string): readonly Operation[] {
  const [name] = Object.entries(ROLES).find(([, id]) => id === role) ?? [];
  return name === undefined ? [] : (allowed[name as Role] ?? []);
}
