import type { Delegate } from "../attestation/policy.js";
import { canonicalSecretId } from "../secrets/id.js";

/** The delegate that a path names; of a secret, by whichever of its ids. */
export const delegateAt = ({ delegateType, delegateId }: { readonly delegateType: string; readonly delegateId: string }): Delegate => ({
  type: delegateType,
  id: delegateType === "secrets" ? canonicalSecretId(delegateId) : delegateId.replace(/%3A/gi, ":"),
});
