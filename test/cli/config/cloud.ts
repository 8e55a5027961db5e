import { createPublicKey, privateDecrypt, constants, createPrivateKey, type JsonWebKey } from "node:crypto";
import type { VaultKey } from "../../../azure/vault.js";
import type { Cloud } from "../../../cli/cloud.js";

/** A cloud in memory, and what commands have left in it. */
export type MemoryCloud = Cloud & {
  /** `ENDPOINT/CONTAINER` */
  readonly containers: Set<string>;
  /** `ENDPOINT/NAME` */
  readonly secrets: Map<string, string>;
  readonly keys: Map<string, VaultKey & { readonly operations: readonly string[] }>;
  /** How many keys were imported, versions of one name each by itself. */
  imported: number;
  /** Unwraps what a secret holds with a key of a vault (RSA-OAEP, SHA-256). */
  readonly unwrap: (secret: string, key: string) => Buffer;
};

const absent = (): never => {
  throw new Error("not asked for here");
};

/** The last word of a resource id. */
const nameOf = (id: string): string => id.split("/").filter(Boolean).at(-1) ?? "";
const urlOf = (id: string, host: string): string => (id.startsWith("https://") ? id : `https://${nameOf(id)}.${host}/`);

export function memoryCloud(): MemoryCloud {
  const containers = new Set<string>();
  const secrets = new Map<string, string>();
  const keys = new Map<string, VaultKey & { operations: readonly string[] }>();
  const privateKeys = new Map<string, JsonWebKey>();
  const cloud: MemoryCloud = {
    containers,
    secrets,
    keys,
    imported: 0,
    unwrap: (secret, key) =>
      privateDecrypt(
        {
          key: createPrivateKey({ key: privateKeys.get(key) ?? absent(), format: "jwk" }),
          padding: constants.RSA_PKCS1_OAEP_PADDING,
          oaepHash: "sha256",
        },
        Buffer.from(secrets.get(secret) ?? absent(), "base64"),
      ),
    blobEndpointOf: (id) => urlOf(id, "blob.core.windows.net"),
    vaultEndpointOf: (id) => urlOf(id, "vault.azure.net"),
    identityOf: (id) =>
      Promise.resolve({ clientId: `0f2c7d1e-client-of-${nameOf(id)}`, principalId: "p", tenantId: `tenant-of-${nameOf(id)}` }),
    blobs: (endpoint) => ({
      container: absent,
      createContainer: (name) => {
        containers.add(`${endpoint}${name}`);
        return Promise.resolve();
      },
    }),
    vault: (endpoint) => ({
      setSecret: (name, value) => {
        secrets.set(`${endpoint}${name}`, value);
        return Promise.resolve();
      },
      getSecret: absent,
      importKey: (name, key, { releasePolicy, operations }) => {
        const { kty, n, e } = createPublicKey({ key, format: "jwk" }).export({ format: "jwk" });
        keys.set(`${endpoint}${name}`, { key: { kty, n, e } as JsonWebKey, releasePolicy, operations });
        privateKeys.set(`${endpoint}${name}`, key);
        cloud.imported += 1;
        return Promise.resolve();
      },
      getKey: (name) => Promise.resolve(keys.get(`${endpoint}${name}`)),
      release: absent,
    }),
  };
  return cloud;
}
