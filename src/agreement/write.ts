import { ApiError, type ErrorCode } from "../http/errors.js";
import { versionOf } from "../kv/version.js";
import type { Agreement } from "./agreement.js";

/**
 * Writes a draft.
 *
 * A new id needs no version; an existing draft is replaced only by a caller who names the version last read, so that two editors cannot
 * overwrite each other unseen. A draft may change while it is proposed: what is voted on is the text of the proposal.
 *
 * @param version of the draft that is to be replaced
 * @param exists says that there is a draft, to a caller who names no version
 * @throws ApiError ViewNotKnown (503), `exists`, PreconditionFailed (412)
 */
export function writeDraft<V extends object>(
  { drafts }: Agreement<V>,
  id: string,
  value: V,
  version: string | null | undefined,
  exists: ErrorCode,
): void {
  const current = versionOf(drafts, id);
  if (current && !version) throw new ApiError(exists);
  if (current && version !== current) throw new ApiError("PreconditionFailed");
  drafts.set(id, value);
}
