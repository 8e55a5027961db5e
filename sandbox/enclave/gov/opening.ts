import { X509Certificate } from "node:crypto";
import type { Transaction } from "../kv/transaction.js";
import type { GovernanceContext } from "./context.js";
import { activeRecoveryMembers, issueRecoveryShares } from "./shares.js";
import { tables } from "./tables.js";

/**
 * Opens the service to users: the proposed identity must be the current one, and enough recovery members must be Active.
 *
 * No effect on a service that is open. With a recovery threshold of 0, which CCF never ends up with, there is nothing to share and the
 * service opens without recovery members.
 *
 * @param next PEM of the service certificate that the members mean to open
 * @throws Error with CCF's texts
 */
export function openService(context: GovernanceContext, tx: Transaction, previous: string | undefined, next: string): void {
  const { serviceInfo, serviceConfig } = tables(tx);
  const info = serviceInfo.get();
  if (!info) throw new Error("Service information cannot be found");
  if (info.status === "Open") return;
  if (previous !== undefined && !sameCertificate(previous, info.cert)) {
    throw new Error("Previous service identity does not match: this service is not a recovery of another one");
  }
  if (!sameCertificate(next, info.cert)) {
    throw new Error(`Service identity mismatch: the next service identity ${next} is not the current service identity ${info.cert}`);
  }

  const threshold = serviceConfig.get()?.recovery_threshold ?? 0;
  if (threshold > 0) {
    const active = activeRecoveryMembers(tx, "Participant").length;
    if (active < threshold) {
      throw new Error(
        `Cannot open network as number of active recovery members (${active}) is less than recovery threshold (${threshold})`,
      );
    }
    issueRecoveryShares(context, tx);
  }
  const before = serviceInfo.version;
  serviceInfo.set({ ...info, status: "Open", ...(before !== undefined && { previous_service_identity_version: before }) });
}

function sameCertificate(pem: string, current: string): boolean {
  return new X509Certificate(pem).fingerprint256 === new X509Certificate(current).fingerprint256;
}
