/*! What the consortium may let an operator decide alone: by the name of the option, which is enabled or disabled for the whole service. */
export const SERVICE_OPTIONS = [
  "autoapprove-constitution-proposal",
  "autoapprove-jsapp-proposal",
  "autoapprove-deploymentspec-proposal",
  "autoapprove-deploymentinfo-proposal",
  "autoapprove-cleanroompolicy-proposal",
] as const;
