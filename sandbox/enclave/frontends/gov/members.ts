import { memberName, requireId } from "../../gov/ids.js";
import { tables, type MemberInfo, type Tables } from "../../gov/tables.js";
import { CcfError } from "../../http/errors.js";
import { json, type HttpResponse } from "../../http/message.js";
import type { EndpointCall } from "../endpoint.js";

/** GET /service/members. */
export function listMembers({ tx }: EndpointCall): HttpResponse {
  const t = tables(tx);
  return json(200, { value: t.memberInfo.entries().map(([id, info]) => describe(t, id, info)) });
}

/** GET /service/members/{memberId}. @throws CcfError InvalidResourceName, ResourceNotFound */
export function getMember({ params, tx }: EndpointCall): HttpResponse {
  const id = requireId(params.memberId, "member");
  const t = tables(tx);
  const info = t.memberInfo.get(id);
  if (!info) throw new CcfError("ResourceNotFound", `Member ${memberName(id)} does not exist.`);
  return json(200, describe(t, id, info));
}

function describe({ memberCerts, memberEncryptionKeys }: Tables, memberId: string, info: MemberInfo): object {
  const publicEncryptionKey = memberEncryptionKeys.get(memberId);
  return {
    certificate: memberCerts.get(memberId),
    memberData: info.member_data ?? null,
    memberId,
    publicEncryptionKey,
    recoveryRole: info.recovery_role ?? (publicEncryptionKey === undefined ? "NonParticipant" : "Participant"),
    status: info.status,
  };
}
