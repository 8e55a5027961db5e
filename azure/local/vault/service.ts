import { createPrivateKey, createPublicKey, randomUUID, type JsonWebKey } from "node:crypto";
import { HSM_ROLES } from "../../hsmAccess.js";
import { wrapFor } from "../../keyWrap.js";
import { ROLES } from "../../roles.js";
import { withAssignment } from "../management/resources.js";
import { Refused } from "../refused.js";
import { objectIn, type Answer } from "../serve.js";
import type { Signer } from "../signer.js";
import type { KeyState, Store, VaultState } from "../state.js";
import type { Authenticate, Caller } from "../tokens/accessToken.js";
import { mayDo, type Operation } from "./access.js";
import { judgeRelease, type AuthorityKeys } from "./release.js";
import { releasePolicyIn } from "./releasePolicy.js";

export type VaultService = {
  readonly store: Store;
  readonly signer: Signer;
  /** `https://127.0.0.1:PORT` */
  readonly url: () => string;
  readonly authenticate: Authenticate;
  readonly keysOf: AuthorityKeys;
};

const AUDIENCES = ["https://vault.azure.net", "https://managedhsm.azure.net"];
/** Where a managed HSM keeps who may do what with its keys. */
const ROLE_PATH = /^\/([a-zA-Z][a-zA-Z0-9-]{2,23})\/keys\/providers\/Microsoft\.Authorization\/roleAssignments\/([0-9a-f-]{36})$/;
const PATH = /^\/([a-zA-Z][a-zA-Z0-9-]{2,23})\/(secrets|keys)\/([0-9a-zA-Z-]{1,127})(\/release)?$/;
/** Characters. */
const LONGEST_SECRET = 25_600;

/** Where a request goes. */
type Target = { readonly vault: VaultState; readonly vaultName: string; readonly name: string; readonly kid: string };

/** What Key Vault does for secrets, and for keys that have a release policy; the name of the vault comes first in the path. */
export function vaultService({ store, signer, url, authenticate, keysOf }: VaultService): Answer {
  return async ({ method, path, token, body }) => {
    const caller = await authenticate(token, AUDIENCES);
    const [, hsmName, assignment = ""] = ROLE_PATH.exec(path) ?? [];
    if (hsmName !== undefined && method === "PUT") return assign(hsmName, assignment, objectIn(body), caller, store);
    const [, vaultName = "", kind = "", name = "", more] = PATH.exec(path) ?? [];
    const vault = entry(store.state().vaults, vaultName);
    if (!vault) throw new Refused(404, "VaultNotFound", `there is nothing at ${path}`);
    const target: Target = { vault, vaultName, name, kid: `${url()}/${vaultName}/${kind}/${name}` };
    const permitted = (operation: Operation): Target => requireRole(operation, target, caller, store);
    switch (`${method} ${kind}${more ?? ""}`) {
      case "PUT secrets":
        return setSecret(permitted("writeSecrets"), objectIn(body), store);
      case "GET secrets":
        return getSecret(permitted("readSecrets"));
      case "PUT keys":
        return importKey(permitted("writeKeys"), objectIn(body), store);
      case "GET keys":
        return bundleOf(latest(permitted("readKeys")), target);
      case "POST keys/release":
        return release(permitted("releaseKeys"), objectIn(body), signer, keysOf);
      default:
        throw new Refused(405, "MethodNotAllowed", `${method} is not for ${path}`);
    }
  };
}

function requireRole(operation: Operation, target: Target, { principalId, clientId }: Caller, { state }: Store): Target {
  if (mayDo(operation, target.vault.id, principalId, state().assignments)) return target;
  throw new Refused(403, "Forbidden", `client ${clientId} has no role that allows ${operation} in vault ${target.vaultName}`);
}

async function assign(
  vaultName: string,
  name: string,
  { properties }: Readonly<Record<string, unknown>>,
  caller: Caller,
  store: Store,
): Promise<unknown> {
  const vault = entry(store.state().vaults, vaultName);
  if (!vault?.id.includes("/managedhsms/")) throw new Refused(404, "VaultNotFound", `there is no managed HSM ${vaultName}`);
  requireRole("assignRoles", { vault, vaultName, name, kid: "" }, caller, store);
  const { roleDefinitionId, principalId } = (properties ?? {}) as Readonly<Record<string, unknown>>;
  const role = ROLES["Managed HSM Crypto Service Release User"];
  if (roleDefinitionId !== `${HSM_ROLES}${role}` || typeof principalId !== "string") {
    throw bad(`a role assignment wants a principalId, and the roleDefinitionId ${HSM_ROLES}${role}`);
  }
  await store.change((state) => withAssignment(state, { scope: vault.id, principalId, role }));
  return { name, properties: { roleDefinitionId, principalId, scope: "/keys" } };
}

async function setSecret(target: Target, { value }: Readonly<Record<string, unknown>>, store: Store): Promise<unknown> {
  if (typeof value !== "string" || value.length > LONGEST_SECRET) {
    throw new Refused(400, "BadParameter", `value is a text of at most ${LONGEST_SECRET} characters`);
  }
  await changeVault(store, target, (vault) => ({ ...vault, secrets: { ...vault.secrets, [target.name]: value } }));
  return { id: target.kid, value };
}

function getSecret({ vault, name, kid }: Target): unknown {
  const value = entry(vault.secrets, name);
  if (value === undefined) throw new Refused(404, "SecretNotFound", `the vault has no secret "${name}"`);
  return { id: kid, value };
}

async function importKey(target: Target, body: Readonly<Record<string, unknown>>, store: Store): Promise<unknown> {
  const added = keyIn(body);
  await changeVault(store, target, (vault) => ({
    ...vault,
    keys: { ...vault.keys, [target.name]: [...(entry(vault.keys, target.name) ?? []), added] },
  }));
  return bundleOf(added, target);
}

type ImportBody = {
  readonly key?: JsonWebKey & { readonly key_ops?: unknown };
  readonly attributes?: { readonly exportable?: unknown };
  readonly release_policy?: { readonly data?: unknown };
};

/** @throws Refused BadParameter */
function keyIn(body: ImportBody): KeyState {
  const { key, attributes, release_policy: given } = body;
  const exportable = attributes?.exportable === true;
  const operations = key?.key_ops;
  if (!Array.isArray(operations) || !operations.every((one) => typeof one === "string")) throw bad("key.key_ops is a list of texts");
  const policy = given === undefined ? undefined : releasePolicyIn(policyText(given.data));
  if (given !== undefined && !policy)
    throw bad("release_policy.data is no policy of version 1.0.0 in base64url, or one not understood here");
  if (exportable !== (policy !== undefined)) throw bad("a key is exportable where it has a release policy, and only there");
  try {
    const privateKey = createPrivateKey({ key: { ...key, kty: "RSA" }, format: "jwk" });
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    return { version: randomUUID().replaceAll("-", ""), privateKey: pem, operations, exportable, policy };
  } catch (cause) {
    throw bad("key is no private RSA key", { cause });
  }
}

function policyText(data: unknown): unknown {
  try {
    return JSON.parse(Buffer.from(String(data), "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

async function release(
  target: Target,
  { target: token, enc }: Readonly<Record<string, unknown>>,
  signer: Signer,
  keysOf: AuthorityKeys,
): Promise<unknown> {
  const key = latest(target);
  if (!key.exportable || !key.policy) throw new Refused(403, "Forbidden", "the key is not exportable");
  if (enc !== "RSA_AES_KEY_WRAP_256") throw bad("enc is RSA_AES_KEY_WRAP_256");
  if (typeof token !== "string") throw bad("target is an attestation token");
  const wrappingKey = await judgeRelease(token, key.policy, keysOf, new Date());
  const der = createPrivateKey(key.privateKey).export({ type: "pkcs8", format: "der" });
  const bundle = bundleOf(key, target);
  const sealed = {
    schema_version: "1.0",
    header: { kid: bundle.key.kid, alg: "dir", enc: "RSA_AES_KEY_WRAP_256" },
    ciphertext: wrapFor(wrappingKey, der).toString("base64url"),
  };
  const keyHsm = Buffer.from(JSON.stringify(sealed)).toString("base64url");
  const released = { ...bundle, key: { ...bundle.key, key_hsm: keyHsm } };
  return { value: await signer.sign({ request: { enc, kid: bundle.key.kid }, response: { key: released } }) };
}

function latest({ vault, name }: Target): KeyState {
  const key = entry(vault.keys, name)?.at(-1);
  if (key) return key;
  throw new Refused(404, "KeyNotFound", `the vault has no key "${name}"`);
}

function bundleOf({ version, privateKey, operations, exportable, policy }: KeyState, { kid }: Target) {
  const { n = "", e = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  return {
    key: { kid: `${kid}/${version}`, kty: "RSA-HSM", key_ops: operations, n, e },
    attributes: { enabled: true, exportable },
    ...(policy && {
      release_policy: {
        contentType: "application/json; charset=utf-8",
        data: Buffer.from(JSON.stringify(policy)).toString("base64url"),
        immutable: false,
      },
    }),
  };
}

async function changeVault({ change }: Store, { vaultName }: Target, step: (vault: VaultState) => VaultState): Promise<void> {
  await change((state) => {
    const vault = entry(state.vaults, vaultName);
    if (!vault) throw new Refused(404, "VaultNotFound", `there is no vault ${vaultName}`);
    return { ...state, vaults: { ...state.vaults, [vaultName]: step(vault) } };
  });
}

function entry<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

function bad(message: string, options?: ErrorOptions): Refused {
  return new Refused(400, "BadParameter", message, options);
}
