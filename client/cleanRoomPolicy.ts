import { getJson, path, type Session } from "./session.js";

/** What clean rooms of a contract have to present. */
export type CleanRoomPolicy = {
  /** Open proposals to change it. */
  readonly proposalIds: readonly string[];
  /** For each claim the values that it may have. */
  readonly policy: Readonly<Record<string, readonly unknown[]>>;
};

export function getCleanRoomPolicy({ transport }: Session, contractId: string): Promise<CleanRoomPolicy> {
  return getJson(transport, path`/app/contracts/${contractId}/cleanroompolicy`);
}
