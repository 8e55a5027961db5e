import { CcfError } from "../../http/errors.js";
import type { HttpResponse } from "../../http/message.js";

/**
 * POST /recovery/members/{memberId}:recover.
 *
 * This service resumes with its own identity and ledger secret, so it never waits for shares; a request is refused as by any CCF
 * service in that condition.
 *
 * @throws CcfError ServiceNotWaitingForRecoveryShares
 */
export function submitRecoveryShare(): HttpResponse {
  throw new CcfError("ServiceNotWaitingForRecoveryShares", "Service is not waiting for recovery shares.");
}
