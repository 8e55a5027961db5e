import { constants, createPrivateKey, privateDecrypt, type KeyObject } from "node:crypto";
import type { AnyCloud } from "../../azure/cloud.js";
import type { Credential } from "../../azure/tokens.js";
import { CloudError } from "../../azure/cloudError.js";
import type { Contract } from "../contract.js";
import { CleanRoomError } from "../errors.js";
import { token } from "../operations.js";
import type { VolumeKeys } from "../deployment/plan.js";
import type { Attester } from "./attester.js";
import type { RoomIdentity, RoomVolume } from "./plan.js";

/** The services that hold data and keys. */
export type RoomCloud = Pick<AnyCloud, "attest" | "blobs" | "federated" | "vault" | "vaultEndpointOf">;

/** What opens the volumes of a clean room. */
export type Keyring = {
  /** Who the clean room is for a volume. */
  readonly credential: (identity: RoomIdentity) => Credential;
  /** The data encryption key of a volume. */
  readonly dek: (volume: RoomVolume & { readonly keys: VolumeKeys }) => Promise<Uint8Array>;
};

/**
 * A keyring without anything on it yet: governance is asked for a token for every identity that it is used for, and so for its consent.
 * What was released for one stretch of work is not kept for the next.
 *
 * Its functions throw ServiceError, ConnectionError, CloudError, CleanRoomError.
 */
export function newKeyring(contract: Contract, attester: Attester, cloud: RoomCloud): Keyring {
  const credential = remembering((identity: RoomIdentity) => cloud.federated(identity, () => token(contract, identity)));
  const attested = remembering(async (maaUrl: string) => {
    const { privateKey, evidence } = await attester.wrapping();
    return { privateKey, token: await cloud.attest(maaUrl, evidence) };
  });
  const kek = remembering(async ({ identity, vaultUrl, name, maaUrl }: Kek) => {
    const wrapping = await attested(maaUrl);
    const vault = cloud.vault(cloud.vaultEndpointOf(vaultUrl), credential(identity));
    return createPrivateKey({ key: await vault.release(name, wrapping.token, wrapping.privateKey), format: "jwk" });
  });
  return {
    credential,
    dek: async ({ name, identity, keys }) => {
      const { kek: kekName, kekVaultUrl: vaultUrl, maaUrl, dekVaultUrl, wrappedDek } = keys;
      const released = await kek({ identity, vaultUrl, name: kekName, maaUrl });
      const wrapped = await cloud.vault(cloud.vaultEndpointOf(dekVaultUrl), credential(identity)).getSecret(wrappedDek);
      return unwrapped(released, wrapped, name);
    },
  };
}

type Kek = { readonly identity: RoomIdentity; readonly vaultUrl: string; readonly name: string; readonly maaUrl: string };

function unwrapped(kek: KeyObject, wrapped: string, name: string): Uint8Array {
  try {
    const options = { key: kek, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
    return privateDecrypt(options, Buffer.from(wrapped, "base64"));
  } catch (cause) {
    throw new CleanRoomError("NotForThisKey", `the key of "${name}" was wrapped with another key encryption key: call config wrap-deks`, {
      cause,
    });
  }
}

/** Says which volume a cloud service refused something for. */
export async function about<T>(name: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    if (!(cause instanceof CloudError)) throw cause;
    throw new CloudError(cause.code, cause.status, `"${name}": ${cause.message}`, { cause });
  }
}

/** A function that does its work once for equal arguments. */
function remembering<A, R>(work: (argument: A) => R): (argument: A) => R {
  const known = new Map<string, R>();
  return (argument) => {
    const key = JSON.stringify(argument);
    const before = known.get(key);
    if (before !== undefined) return before;
    const made = work(argument);
    known.set(key, made);
    return made;
  };
}
