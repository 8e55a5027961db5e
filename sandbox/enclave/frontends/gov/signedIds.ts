import type { SignedRequest } from "../../auth/cose.js";
import { memberName, requireId } from "../../gov/ids.js";
import { CcfError } from "../../http/errors.js";

/** The proposal that both the path and the signed header name. @throws CcfError InvalidResourceName */
export function requireSignedProposalId(value: string | undefined, signer: SignedRequest): string {
  const id = requireId(value, "proposal");
  if (signer.proposalId !== id) throw new CcfError("InvalidResourceName", "Authenticated proposal id does not match URL");
  return id;
}

/** The member that both the path and the signature name. @throws CcfError InvalidResourceName */
export function requireSignedMemberId(value: string | undefined, signer: SignedRequest): string {
  const id = requireId(value, "member");
  if (signer.memberId !== id) throw new CcfError("InvalidResourceName", "Authenticated member id does not match URL");
  return id;
}

/** The same for state digests, for which CCF has other words. @throws CcfError InvalidAuthenticationInfo (400) */
export function requireOwnStateDigest(id: string | undefined, { memberId }: SignedRequest): string {
  if (id === memberId) return id;
  const message = `Member ID from path parameter (${memberName(id ?? "")}) does not match member ID from body signature (${memberName(memberId)}).`;
  throw new CcfError("InvalidAuthenticationInfo", message, { status: 400 });
}
