import { createPrivateKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { CloudError } from "./cloudError.js";
import { unwrapWith } from "./keyWrap.js";
import { rest, type Reach } from "./rest.js";
import type { Credential } from "./tokens.js";
import type { ReleasePolicy, Vault } from "./vault.js";

export type KeyVaultOptions = Reach & { readonly credential: Credential };

/** https://learn.microsoft.com/rest/api/keyvault */
const API = "api-version=7.4";
const POLICY_TYPE = "application/json; charset=utf-8";

type KeyBundle = {
  readonly key: JsonWebKey & { readonly key_hsm?: string };
  /** The policy is base64url of JSON. */
  readonly release_policy?: { readonly data: string };
};

/**
 * A vault or managed HSM of Azure, or what speaks its protocol.
 *
 * @param endpoint `https://NAME.vault.azure.net/`, with the slash
 */
export function keyVault(endpoint: string, { credential, ...reach }: KeyVaultOptions): Vault {
  const call = rest({ as: { credential, scope: scopeFor(endpoint) }, ...reach });
  const at = (kind: "keys" | "secrets", name: string, more = ""): string => `${endpoint}${kind}/${encodeURIComponent(name)}${more}?${API}`;
  return {
    setSecret: async (name, value) => {
      await call("PUT", at("secrets", name), { json: { value } });
    },
    getSecret: async (name) => ((await call("GET", at("secrets", name))) as { value: string }).value,
    importKey: async (name, key, { releasePolicy, operations }) => {
      const json = {
        hsm: true,
        key: { ...key, kty: "RSA-HSM", key_ops: operations },
        attributes: { enabled: true, exportable: true },
        release_policy: { contentType: POLICY_TYPE, data: base64url(JSON.stringify(releasePolicy)), immutable: false },
      };
      await call("PUT", at("keys", name), { json });
    },
    getKey: async (name) => {
      const bundle = await unlessAbsent(call("GET", at("keys", name)));
      if (bundle === undefined) return undefined;
      const { key, release_policy: policy } = bundle as KeyBundle;
      const { n, e } = key as { n: string; e: string };
      return { key: { kty: "RSA", n, e }, ...(policy && { releasePolicy: jsonIn(policy.data) as ReleasePolicy }) };
    },
    release: async (name, target, wrappingKey) => {
      const { value } = (await call("POST", at("keys", name, "/release"), { json: { target, enc: "RSA_AES_KEY_WRAP_256" } })) as {
        value: string;
      };
      return releasedIn(value, wrappingKey);
    },
  };
}

/** What a token for this vault is asked for. */
export function scopeFor(endpoint: string): string {
  const hsm = new URL(endpoint).hostname.endsWith(".managedhsm.azure.net");
  return hsm ? "https://managedhsm.azure.net/.default" : "https://vault.azure.net/.default";
}

/**
 * The key in a released JWS. Its signature says no more than the connection that it came by.
 *
 * @throws CloudError NotForThisKey
 */
function releasedIn(jws: string, wrappingKey: KeyObject): JsonWebKey {
  try {
    const payload = jsonIn(jws.split(".")[1] ?? "") as { response: { key: KeyBundle } };
    const { ciphertext } = jsonIn(payload.response.key.key.key_hsm ?? "") as { ciphertext: string };
    const der = unwrapWith(wrappingKey, Buffer.from(ciphertext, "base64url"));
    return createPrivateKey({ key: der, format: "der", type: "pkcs8" }).export({ format: "jwk" });
  } catch (cause) {
    throw new CloudError("NotForThisKey", undefined, "the vault released a key that is not wrapped for this clean room", { cause });
  }
}

async function unlessAbsent(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof CloudError && error.status === 404) return undefined;
    throw error;
  }
}

function base64url(text: string): string {
  return Buffer.from(text).toString("base64url");
}

function jsonIn(base64: string): unknown {
  return JSON.parse(Buffer.from(base64, "base64url").toString("utf8"));
}
