import { CcfError, type ErrorDetail } from "../http/errors.js";
import { anyCert, memberCert, userCert } from "./certificates.js";
import { userCoseSign1 } from "./cose.js";
import { jwt } from "./jwt.js";
import type { Authentication, AuthenticationInput, AuthenticationPolicy, Caller } from "./policy.js";

/** An entry of `authn_policies`: a name, or names of which all must accept. */
export type PolicyName = string | { readonly all_of: readonly string[] };

const POLICIES = new Map<string, AuthenticationPolicy>([
  ["user_cert", userCert],
  ["member_cert", memberCert],
  ["any_cert", anyCert],
  ["jwt", jwt],
  ["user_cose_sign1", userCoseSign1],
  ["no_auth", () => ({ caller: { policy: "no_auth" } })],
]);

/**
 * The caller of an application endpoint: that of the first policy that accepts; null when the endpoint names none.
 *
 * @throws CcfError InvalidAuthenticationInfo (401) with one detail a policy; the last policy that refused gives `www-authenticate`
 */
export function authenticate(names: readonly PolicyName[], input: AuthenticationInput): Caller | null {
  if (names.length === 0) return null;
  const policies = names.map(policyOf);
  const details: ErrorDetail[] = [];
  let challenge: string | undefined;
  for (const [name, policy] of policies) {
    const answer = policy(input);
    if ("caller" in answer) return answer.caller;
    details.push({ auth_policy: name, code: "InvalidAuthenticationInfo", message: answer.refused });
    challenge = answer.challenge;
  }
  throw new CcfError("InvalidAuthenticationInfo", "Invalid authentication credentials.", {
    details,
    ...(challenge !== undefined && { headers: { "www-authenticate": challenge } }),
  });
}

function policyOf(name: PolicyName): readonly [string, AuthenticationPolicy] {
  if (typeof name !== "string") return allOf(name.all_of);
  const policy = POLICIES.get(name);
  if (!policy) throw new CcfError("InternalError", `Exception: Unknown auth policy: ${name}`);
  return [name, policy];
}

/** Every policy must accept; they are tried in the order of their names, as CCF keeps them. */
function allOf(names: readonly string[]): readonly [string, AuthenticationPolicy] {
  const sorted = [...new Set(names)].sort();
  const parts = sorted.map(policyOf);
  return [
    sorted.join("+"),
    (input): Authentication => {
      const callers: Record<string, Caller> = {};
      for (const [name, policy] of parts) {
        const answer = policy(input);
        if (!("caller" in answer)) return { ...answer, refused: `${name}:${answer.refused}` };
        callers[name] = answer.caller;
      }
      return { caller: { ...callers, policy: sorted } };
    },
  ];
}
