import { constants, createCipheriv, publicEncrypt, randomBytes } from "node:crypto";
import type { Transaction } from "../kv/transaction.js";
import type { GovernanceContext } from "./context.js";
import { split } from "./secretSharing.js";
import { tables } from "./tables.js";

type Role = "Participant" | "Owner";

/** Encryption keys (PEM) of the Active members of a recovery role, by member id. */
export function activeRecoveryMembers(tx: Transaction, role: Role): readonly (readonly [id: string, key: string])[] {
  const { memberEncryptionKeys, memberInfo } = tables(tx);
  return memberEncryptionKeys.entries().filter(([id]) => {
    const info = memberInfo.get(id);
    return info?.status === "Active" && (info.recovery_role ?? "Participant") === role;
  });
}

/**
 * Wraps the ledger secrets with a fresh key, shares that key among the Active recovery members, and encrypts each share for its member.
 *
 * The layout follows CCF: AES-256-GCM as tag, IV, ciphertext (the wrapping key is used once, so the IV is zero), shares under RSA-OAEP
 * with SHA-256. The encoding of a share is the sandbox's own (see secretSharing).
 *
 * @throws Error when there are fewer recovery members than the threshold, or a member's key cannot encrypt
 */
export function issueRecoveryShares(context: GovernanceContext, tx: Transaction): void {
  const { serviceConfig, recoveryShares } = tables(tx);
  const participants = activeRecoveryMembers(tx, "Participant");
  const owners = activeRecoveryMembers(tx, "Owner");
  const threshold = serviceConfig.get()?.recovery_threshold ?? 0;
  if (participants.length + owners.length === 0) {
    throw new Error("There should be at least one active recovery member to issue recovery shares");
  }
  if (threshold === 0) throw new Error("Recovery threshold should be set before recovery shares are computed");

  const wrappingKey = randomBytes(32);
  const encrypted: Record<string, string> = {};
  if (participants.length > 0) {
    for (const [i, share] of split(wrappingKey, participants.length, threshold).entries()) {
      const [id, key] = participants[i] ?? [];
      if (id !== undefined && key !== undefined) encrypted[id] = encryptFor(key, share);
    }
  }
  // An owner recovers alone: a share of a polynomial of degree zero is the secret itself
  for (const [id, key] of owners) encrypted[id] = encryptFor(key, Uint8Array.of(1, ...wrappingKey));

  const wrapped = wrap(wrappingKey, context.recoverySecret).toString("base64");
  recoveryShares.set({ wrapped_latest_ledger_secret: wrapped, encrypted_shares: encrypted });
}

function encryptFor(publicKey: string, share: Uint8Array): string {
  return publicEncrypt({ key: publicKey, oaepHash: "sha256", padding: constants.RSA_PKCS1_OAEP_PADDING }, share).toString("base64");
}

function wrap(wrappingKey: Uint8Array, secret: Uint8Array): Buffer {
  const iv = Buffer.alloc(12);
  const cipher = createCipheriv("aes-256-gcm", wrappingKey, iv);
  const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()]);
  return Buffer.concat([cipher.getAuthTag(), iv, ciphertext]);
}
