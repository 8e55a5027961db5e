/**
 * Built-in roles that clean rooms, and who sets them up, are given.
 * https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
export const ROLES = {
  "Key Vault Secrets User": "4633458b-17de-408a-b874-0445c86b69e6",
  "Key Vault Crypto Service Release User": "08bbd89e-9f13-488c-ac41-acfcb10c90ab",
  "Key Vault Crypto Officer": "14b46e9e-c2b7-41b4-b07b-48a6ebf60603",
  "Key Vault Administrator": "00482a5a-887f-4fb3-b363-3b7fe8e74483",
  /** Of a managed HSM, which keeps its own list of who has it. https://learn.microsoft.com/azure/key-vault/managed-hsm/built-in-roles */
  "Managed HSM Crypto Service Release User": "21dbd100-6940-42c2-9190-5d6cb909625c",
  "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
} as const;

export type Role = keyof typeof ROLES;
