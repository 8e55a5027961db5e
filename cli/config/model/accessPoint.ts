import { authorityText, modeText, type EncryptionMode } from "./encryptionMode.js";
import { endpoint } from "./identities.js";
import type { AccessPoint, EncryptionSecrets, Identity } from "./specification.js";

/** Where something lies in a vault; `storeId` is what the party calls the vault, or the name itself. */
type InVault = { readonly name: string; readonly storeId: string; readonly vaultUrl: string };

export type Described = {
  readonly name: string;
  readonly access: "ReadOnly" | "ReadWrite";
  readonly store: {
    readonly name: string;
    readonly type: "Azure_BlobStorage" | "Azure_OneLake";
    readonly id: string;
    readonly url: string;
  };
  readonly identity: Identity;
  readonly mode: EncryptionMode;
  readonly dek: InVault;
  readonly kek: InVault & { readonly maaUrl: string };
};

/** A datasource (read only) or datasink. What its store encrypts with keys of its own (SSE) has no keys here. */
export function accessPoint({ name, access, store, identity, mode, dek, kek }: Described): AccessPoint {
  return {
    name,
    type: `Volume_${access}`,
    path: "",
    store: { name: store.name, type: store.type, id: store.id, provider: endpoint(store.type, store.url) },
    identity,
    protection: {
      proxyType: `SecureVolume__${access}__${store.type === "Azure_OneLake" ? "Azure__OneLake" : "Azure__BlobStorage"}`,
      proxyMode: "Secure",
      configuration: modeText(mode),
      ...(mode !== "SSE" && { encryptionSecrets: secretsOf(dek, kek), encryptionSecretAccessIdentity: identity }),
    },
  };
}

function secretsOf(dek: InVault, kek: Described["kek"]): EncryptionSecrets {
  return {
    dek: inVault(dek, "AzureKeyVault_Secret", ""),
    kek: inVault(kek, "AzureKeyVault_SecureKey", authorityText(kek.maaUrl)),
  };
}

function inVault({ name, storeId, vaultUrl }: InVault, protocol: string, configuration: string): EncryptionSecrets["dek"] {
  const backingResource = { name, type: "AzureKeyVault", id: storeId, provider: endpoint(protocol, vaultUrl, configuration) };
  return { name, secret: { secretType: "Key", backingResource } };
}
