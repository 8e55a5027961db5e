/** Who calls a cloud service. */
export type Credential = {
  /** An access token that is good for some minutes yet. @param scope such as `https://vault.azure.net/.default` */
  readonly token: (scope: string) => Promise<string>;
};
