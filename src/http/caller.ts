import type {
  EmptyAuthnIdentity,
  JwtAuthnIdentity,
  MemberCertAuthnIdentity,
  Request,
  UserCertAuthnIdentity,
} from "@microsoft/ccf-app/endpoints.js";
import { membersInfo } from "../kv/ccfTables.js";
import { ApiError } from "./errors.js";

/** Who sent the request, told apart by `policy`: the authentication policy of `app.json` that let it in. */
export type Caller = MemberCertAuthnIdentity | UserCertAuthnIdentity | JwtAuthnIdentity | EmptyAuthnIdentity;
export type Policy = Caller["policy"];
export type CallerBy<P extends Policy> = Extract<Caller, { policy: P }>;

/** CCF leaves the caller out where an endpoint lists no policy at all. */
const ANYONE: EmptyAuthnIdentity = { policy: "no_auth" };

/**
 * The caller of a request, whom CCF has authenticated.
 *
 * @throws ApiError CallerNotAuthorized when the policy is none of those that the operation is written for
 */
export function callerOf<P extends Policy>(request: Request, policies?: readonly P[]): CallerBy<P> {
  const caller = request.caller ?? ANYONE;
  if (policies && !(policies as readonly unknown[]).includes(caller.policy)) throw new ApiError("CallerNotAuthorized");
  return caller as CallerBy<P>;
}

/**
 * CCF lets in members who were added but have not acknowledged the state of the service; they may look, not act.
 *
 * @throws ApiError CallerNotAuthorized
 */
export function requireActive(caller: Caller): void {
  if (caller.policy !== "member_cert") return;
  if (membersInfo.get(caller.id)?.status !== "Active") throw new ApiError("CallerNotAuthorized", "The member is not active.");
}

/**
 * Where CCF lets in anybody, it also lets in a caller whose certificate or token it did not accept, without telling him. Such a request
 * shows by its header, or by having no body to prove anything with.
 *
 * @throws ApiError InvalidAuthenticationInfo (401)
 */
export function requireIntroduction({ headers, body }: Request, caller: Caller): void {
  if (caller.policy !== "no_auth") return;
  if ("authorization" in headers || body.arrayBuffer().byteLength === 0) throw new ApiError("InvalidAuthenticationInfo");
}
