import { action } from "../action.js";
import { type Check, boolean, certificate, encryptionKey, entityId, oneOf, objectWith, optional } from "../arguments.js";
import { ccf } from "../ccf.js";
import { countRecoveryMembers, holdsRecoveryShare } from "../recoveryMembers.js";
import {
  ledgerSignature,
  memberAcks,
  memberCertificates,
  memberEncryptionKeys,
  memberHistory,
  memberInfos,
  required,
  serviceConfig,
} from "../tables.js";
import { dropProposalsOf } from "../proposals.js";

// Anything else would be read as "no role", which may not be what its author meant.
const Flag: Check<unknown> = (value, field) => (value === "true" || value === "false" ? value : optional(boolean)(value, field));

/*! What the consortium knows of a member. Roles (electorate.ts) are plain flags; everything else is free. */
const MemberData = objectWith({
  isOperator: Flag,
  isRecoveryOperator: Flag,
  cgsRoles: optional(objectWith({ cgsOperator: Flag, contractOperator: Flag })),
});

/*! Adds a member, or replaces one: he must acknowledge the state of the ledger (again) before he is active. */
action(
  "set_member",
  {
    cert: certificate,
    encryption_pub_key: optional(encryptionKey),
    member_data: optional(MemberData),
    recovery_role: optional(oneOf("NonParticipant", "Participant", "Owner")),
  },
  {
    validate: ({ encryption_pub_key, recovery_role }) => {
      if (recovery_role !== undefined && encryption_pub_key === undefined) throw new Error("recovery_role needs an encryption_pub_key");
    },
    effect: ({ cert, encryption_pub_key, member_data, recovery_role }) => {
      const id = ccf.pemToId(cert);
      memberCertificates.set(id, cert);
      if (encryption_pub_key === undefined) memberEncryptionKeys.delete(id);
      else memberEncryptionKeys.set(id, encryption_pub_key);
      memberInfos.set(id, { status: "Accepted", member_data, recovery_role });
      const signature = ledgerSignature.get();
      if (signature) memberAcks.set(id, { state_digest: signature.root });
    },
  },
);

/*! Removes a member, if there is one. The ledger gets a new key when he held a recovery share, so that his share opens nothing written later. */
action("remove_member", { member_id: entityId }, ({ member_id }, proposalId) => {
  if (!memberInfos.has(member_id)) return;
  const heldShare = holdsRecoveryShare(member_id);
  if (heldShare) {
    const left = countRecoveryMembers() - 1;
    const { recovery_threshold } = required(serviceConfig);
    if (left < recovery_threshold) throw new Error(`${left} recovery members would be left, but the threshold is ${recovery_threshold}`);
  }
  for (const rows of [memberInfos, memberCertificates, memberEncryptionKeys, memberAcks, memberHistory]) rows.delete(member_id);
  dropProposalsOf(member_id, proposalId);
  if (heldShare) ccf.node.triggerLedgerRekey();
});

/*! Replaces all that the consortium knows of a member. */
action("set_member_data", { member_id: entityId, member_data: MemberData }, ({ member_id, member_data }) => {
  const info = memberInfos.get(member_id);
  if (!info) throw new Error(`there is no member ${member_id}`);
  memberInfos.set(member_id, { ...info, member_data });
});
