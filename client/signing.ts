import type { Action } from "./governance/proposal.js";
import { ask, type Session } from "./session.js";

/** Whether the service signs payloads of clean rooms, and what verifies the signatures. */
export type SigningInfo = {
  readonly enabled: boolean;
  /** PEM; empty when there is no key. */
  readonly publicKeyPem: string;
  /** PEM of the key before the last rotation. */
  readonly previousPublicKeyPem?: string;
};

export function getSigningInfo({ transport }: Session): Promise<SigningInfo> {
  return ask(transport, "/app/signing/info");
}

export function enableSigning(kid: string): Action {
  return { name: "enable_signing", args: { kid } };
}

export const rotatePayloadKey: Action = { name: "signing_enable_rotate_signing_key", args: {} };
