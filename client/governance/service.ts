import { getJson, getText, governance, type Session } from "../session.js";
import type { Action } from "./proposal.js";

export type ServiceInfo = {
  readonly status: "Opening" | "Open" | "WaitingForRecoveryShares" | "Recovering";
  /** PEM */
  readonly certificate: string;
  readonly recoveryCount: number;
  readonly creationTransactionId: string;
  readonly configuration: { readonly recoveryThreshold: number; readonly [field: string]: unknown };
};

export function getServiceInfo({ transport }: Session): Promise<ServiceInfo> {
  return getJson(transport, governance("/gov/service/info"));
}

/** The script that decides about proposals. */
export function getConstitution({ transport }: Session): Promise<string> {
  return getText(transport, governance("/gov/service/constitution"));
}

/** Limits of the JavaScript engine as the node applies them. */
export type JavaScriptLimits = {
  /** bytes */
  readonly max_heap_size: number;
  /** bytes */
  readonly max_stack_size: number;
  /** milliseconds */
  readonly max_execution_time: number;
};

export function getJavaScriptLimits({ transport }: Session): Promise<JavaScriptLimits> {
  return getJson(transport, "/node/js_metrics");
}

/** The action that opens the service to users. It names the service, so that a vote cannot open another one. */
export function openService({ certificate }: ServiceInfo): Action {
  return { name: "transition_service_to_open", args: { next_service_identity: certificate } };
}

/** The action that says how many recovery members must bring their shares before a lost service can be recovered. */
export function setRecoveryThreshold(threshold: number): Action {
  return { name: "set_recovery_threshold", args: { recovery_threshold: threshold } };
}
