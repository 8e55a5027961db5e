import type { Delegate } from "../attestation/policy.js";

/** The delegate that a path names. */
export const delegateAt = ({ delegateType, delegateId }: { readonly delegateType: string; readonly delegateId: string }): Delegate => ({
  type: delegateType,
  id: delegateId.replace(/%3A/gi, ":"),
});
