import { action } from "../action.js";
import { integer, optional } from "../arguments.js";
import { ccf } from "../ccf.js";
import { countRecoveryMembers } from "../recoveryMembers.js";
import { required, serviceConfig, serviceInfo } from "../tables.js";

/** At most 254 shares can be made. */
const Threshold = integer(1, 254);

function setRecoveryThreshold(recovery_threshold: number): void {
  const config = required(serviceConfig);
  if (recovery_threshold === config.recovery_threshold) return;

  const { status } = required(serviceInfo);
  if (status === "WaitingForRecoveryShares") throw new Error(`the recovery threshold cannot be set while the service is ${status}`);
  const recoveryMembers = countRecoveryMembers();
  if (status === "Open" && recovery_threshold > recoveryMembers) {
    throw new Error(`the recovery threshold ${recovery_threshold} is greater than the number of recovery members, ${recoveryMembers}`);
  }
  serviceConfig.set(undefined, { ...config, recovery_threshold });
  ccf.node.triggerRecoverySharesRefresh();
}

/*! How many recovery members must bring their shares before a lost service can be recovered. */
action("set_recovery_threshold", { recovery_threshold: Threshold }, ({ recovery_threshold }) => {
  setRecoveryThreshold(recovery_threshold);
});

/*! `recent_cose_proposals_window_size`: how many signed requests CCF remembers, to refuse those that are sent again. */
action(
  "set_service_configuration",
  { recovery_threshold: optional(Threshold), recent_cose_proposals_window_size: optional(integer(1, 10_000)) },
  ({ recovery_threshold, recent_cose_proposals_window_size }) => {
    if (recovery_threshold !== undefined) setRecoveryThreshold(recovery_threshold);
    if (recent_cose_proposals_window_size !== undefined) {
      serviceConfig.set(undefined, { ...required(serviceConfig), recent_cose_proposals_window_size });
    }
  },
);

action("trigger_recovery_shares_refresh", {}, () => {
  ccf.node.triggerRecoverySharesRefresh();
});
