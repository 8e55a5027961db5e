/** What Azure says of a managed identity. */
export type ManagedIdentity = { readonly clientId: string; readonly principalId: string; readonly tenantId: string };
