import { ask, getJson, path, type Session } from "./session.js";

/** One purpose for which clean rooms of a contract have let in others. */
export type Delegate = {
  /** `secrets`, `events`, `oauth-federation-subjects`... */
  readonly delegateType: string;
  /** The id of a secret, `writer`, the subject of a token... */
  readonly delegateId: string;
};

/** What they have to present. */
export type DelegatePolicy = {
  /** For each claim the values that it may have; empty where nobody was let in. */
  readonly claims: Readonly<Record<string, readonly unknown[]>>;
};

export function listDelegates({ transport }: Session, contractId: string): Promise<{ readonly value: readonly Delegate[] }> {
  return getJson(transport, path`/app/contracts/${contractId}/cleanroompolicy/delegates`);
}

export function getDelegatePolicy({ transport }: Session, contractId: string, delegate: Delegate): Promise<DelegatePolicy> {
  return ask(transport, path`/app/contracts/${contractId}/cleanroompolicy/delegates/${delegate.delegateType}/${delegate.delegateId}`);
}
