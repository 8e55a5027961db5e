import { createHash, generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VirtualTee } from "../../../sandbox/enclave/snp/virtual.js";
import { verifyEvidence } from "../../../sandbox/index.js";
import { cloudAt, type AnyCloud } from "../../../azure/cloud.js";
import type { SnpEvidence } from "../../../azure/attestation.js";
import { startLocalCloud } from "../../../azure/local/index.js";
import type { LocalCloud } from "../../../azure/localCloud.js";

export const hostData = "73973b78d70cc68353426de188db5dfc57e5b766e399935fb73a61127ea26d20";
const provider = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg/providers";
export const ids = {
  vault: `${provider}/Microsoft.KeyVault/vaults/tdpvault`,
  storage: `${provider}/Microsoft.Storage/storageAccounts/tdpsa`,
  identity: `${provider}/Microsoft.ManagedIdentity/userAssignedIdentities/tdpmi`,
};

export type LocalSetting = {
  readonly local: LocalCloud;
  readonly cloud: AnyCloud;
  readonly folder: string;
  readonly attestation: string;
  readonly close: () => Promise<void>;
  /** Evidence of a clean room with a key of its own. */
  readonly evidence: (changes?: { readonly hostData?: string; readonly debug?: boolean; readonly tee?: VirtualTee }) => Room;
};

export type Room = { readonly evidence: SnpEvidence; readonly privateKey: KeyObject };

/** A local cloud with the resources of one party, which believes one virtual TEE of its own, and others; it has to be closed. */
export async function localCloud(others: readonly VirtualTee[] = []): Promise<LocalSetting> {
  const folder = await mkdtemp(join(tmpdir(), "cleanroom-azure-"));
  const own = VirtualTee.create();
  let local: LocalCloud | undefined;
  const running = await startLocalCloud({
    folder,
    verify: (report, endorsements, uvmEndorsements) =>
      verifyEvidence(
        { report, endorsements, uvmEndorsements },
        [own, ...others].map(({ root }) => root),
      ),
    publish: (now) => {
      local = now;
      return Promise.resolve();
    },
  });
  const close = async (): Promise<void> => {
    await running.close();
    await rm(folder, { recursive: true, force: true });
  };
  const { create } = cloudAt(running.cloud()).management();
  for (const id of Object.values(ids)) await create(id);
  if (!local) throw new Error("the cloud told nobody where it is");
  const cloud = cloudAt(local);
  return { local, cloud, folder, attestation: cloud.attestationEndpoint ?? "", close, evidence: (changes = {}) => room(own, changes) };
}

function room(
  own: VirtualTee,
  { hostData: digest = hostData, debug = false, tee = own }: Parameters<LocalSetting["evidence"]>[0] = {},
): Room {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: "jwk" }), key_ops: ["encrypt"], kid: "room" };
  const runtimeData = Buffer.from(JSON.stringify({ keys: [jwk] }));
  const reportData = createHash("sha256").update(runtimeData).digest();
  const minted = tee.mint({ hostData: Buffer.from(digest, "hex"), reportData, debug });
  const [report, endorsements, uvmEndorsements] = [minted.evidence, minted.endorsements, minted.uvm_endorsements].map((text) =>
    Buffer.from(text, "base64"),
  ) as [Buffer, Buffer, Buffer];
  return { evidence: { report, endorsements, uvmEndorsements, runtimeData }, privateKey };
}

/** What refuses, in a few words. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "not refused",
    (error: unknown) => `${(error as { code?: string }).code ?? ""}: ${(error as Error).message}`,
  );
}
