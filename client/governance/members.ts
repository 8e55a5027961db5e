import { Refusal } from "../errors.js";
import { getJson, governance, path, writeSigned, type Session } from "../session.js";
import type { Action } from "./proposal.js";

export type MemberData = { readonly identifier?: string; readonly tenantId?: string; readonly [field: string]: unknown };

export type Member = {
  readonly memberId: string;
  readonly status: "Accepted" | "Active";
  /** PEM */
  readonly certificate: string;
  readonly memberData?: MemberData | null;
  /** PEM */
  readonly publicEncryptionKey?: string;
  readonly recoveryRole?: RecoveryRole;
};

export type RecoveryRole = "NonParticipant" | "Participant" | "Owner";

export function listMembers({ transport }: Session): Promise<{ readonly value: readonly Member[] }> {
  return getJson(transport, governance("/gov/service/members"));
}

/**
 * Accepts the invitation: acknowledges the state that the service is in now. An `Accepted` member becomes `Active` by this.
 *
 * @throws ServiceError InvalidAuthenticationInfo when the service does not know the member
 */
export async function activate(session: Session): Promise<void> {
  const digests = path`/gov/members/state-digests/${session.identity.memberId}`;
  const digest = await writeSigned<{ stateDigest: string }>(session, `${digests}:update`, {
    type: "state_digest",
    payload: new Uint8Array(),
  });
  await writeSigned(session, `${digests}:ack`, { type: "ack", payload: Buffer.from(JSON.stringify(digest), "utf8") });
}

export type NewMember = {
  /** PEM */
  readonly certificate: string;
  readonly memberData: MemberData;
  /** PEM of an RSA key; what recovery shares are encrypted to. */
  readonly encryptionPublicKey?: string;
  readonly recoveryRole?: RecoveryRole;
};

/** The action that invites a member. */
export function setMember({ certificate, memberData, encryptionPublicKey, recoveryRole }: NewMember): Action {
  return {
    name: "set_member",
    args: {
      cert: certificate,
      member_data: memberData,
      ...(encryptionPublicKey !== undefined && { encryption_pub_key: encryptionPublicKey }),
      ...(recoveryRole !== undefined && { recovery_role: recoveryRole }),
    },
  };
}

/**
 * The action that names the tenant of a member. What else the member's data holds (roles, say) stays.
 *
 * @throws Refusal MemberNotFound, MemberNotUnique
 */
export async function setTenantId(session: Session, identifier: string, tenantId: string): Promise<Action> {
  const { value } = await listMembers(session);
  const [member, other] = value.filter(({ memberData }) => memberData?.identifier === identifier);
  if (!member) throw new Refusal("MemberNotFound", `no member has the identifier "${identifier}"`);
  if (other) {
    throw new Refusal("MemberNotUnique", `several members have the identifier "${identifier}": ${member.memberId}, ${other.memberId}`);
  }
  return {
    name: "set_member_data",
    args: { member_id: member.memberId, member_data: { ...member.memberData, tenantId } },
  };
}
