import { entries, memberEncryptionKeys, memberInfos } from "./tables.js";

/*! Members who hold a recovery share: active, with an encryption key, and not excluded from recovery. */
export const holdsRecoveryShare = (memberId: string): boolean => {
  const info = memberInfos.get(memberId);
  return info?.status === "Active" && info.recovery_role !== "NonParticipant" && memberEncryptionKeys.has(memberId);
};

export const countRecoveryMembers = (): number => entries(memberInfos).filter(([id]) => holdsRecoveryShare(id)).length;
