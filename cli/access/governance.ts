import { getCleanRoomPolicy } from "../../client/cleanRoomPolicy.js";
import { ServiceError } from "../../client/errors.js";
import { getIssuerInfo, getIssuerKeys, kidOf, type IssuerKeys } from "../../client/issuer.js";
import { listMembers } from "../../client/governance/members.js";
import type { Session } from "../../client/session.js";
import { hostDataOf } from "../config/keys/kek.js";
import { CommandError } from "../failure.js";

/** What governance has to say before a clean room is given access to anything. */
export type Agreed = {
  readonly member: Readonly<Record<"identifier" | "tenantId", string | undefined>>;
  /** The issuer that tokens for the tenant name by now. */
  readonly issuerUrl: string | undefined;
  readonly keys: IssuerKeys;
  /** A name for the service, the same for all its members. */
  readonly serviceName: string;
};

/** @throws CommandError which says what is missing and what to do */
export async function agreedFor(session: Session, contractId: string): Promise<Agreed> {
  const { policy } = await getCleanRoomPolicy(session, contractId);
  hostDataOf(policy, contractId);
  const info = await getIssuerInfo(session);
  if (!info.enabled) {
    throw new CommandError(
      "the service issues no tokens to clean rooms yet: propose it with cleanroom governance oidc-issuer propose-enable",
    );
  }
  return {
    keys: await signingKeys(session),
    member: await memberOf(session),
    issuerUrl: info.tenantData?.issuerUrl,
    serviceName: await kidOf(session),
  };
}

async function signingKeys(session: Session): Promise<IssuerKeys> {
  try {
    return await getIssuerKeys(session);
  } catch (cause) {
    if (!(cause instanceof ServiceError && cause.code === "SigningKeyNotAvailable")) throw cause;
    throw new CommandError(
      "the service has no key to sign tokens with yet: make it with cleanroom governance oidc-issuer generate-signing-key",
      { cause },
    );
  }
}

async function memberOf(session: Session): Promise<Agreed["member"]> {
  const { value } = await listMembers(session);
  const me = value.find(({ memberId }) => memberId === session.identity.memberId);
  const { identifier, tenantId } = me?.memberData ?? {};
  return { identifier: textIn(identifier), tenantId: textIn(tenantId) };
}

/** Members' data are any JSON. */
function textIn(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
