import type { JsonWebKey, KeyObject } from "node:crypto";

/** When a vault may release a key: https://learn.microsoft.com/azure/key-vault/keys/policy-grammar */
export type ReleasePolicy = {
  readonly version: "1.0.0";
  readonly anyOf: readonly {
    /** URL of the attestation service whose token is believed. */
    readonly authority: string;
    readonly allOf: readonly { readonly claim: string; readonly equals: string | number | boolean }[];
  }[];
};

/** A key as the vault shows it: its public half. */
export type VaultKey = { readonly key: JsonWebKey; readonly releasePolicy?: ReleasePolicy };

/** Keys and secrets of one vault. */
export type Vault = {
  readonly setSecret: (name: string, value: string) => Promise<void>;
  readonly getSecret: (name: string) => Promise<string>;
  /** Imports a private key, as a new version where there is one of that name. */
  readonly importKey: (
    name: string,
    key: JsonWebKey,
    options: { readonly releasePolicy: ReleasePolicy; readonly operations: readonly string[] },
  ) => Promise<void>;
  /** The latest version; undefined where there is none of that name. */
  readonly getKey: (name: string) => Promise<VaultKey | undefined>;
  /**
   * The private key, for who shows a token of the attestation service that satisfies the policy.
   *
   * @param wrappingKey private half (RSA) of the key in the token: the vault wraps what it releases to that
   */
  readonly release: (name: string, attestationToken: string, wrappingKey: KeyObject) => Promise<JsonWebKey>;
};
