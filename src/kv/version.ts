import { ccf } from "@microsoft/ccf-app/global.js";
import { ApiError } from "../http/errors.js";
import type { Table } from "./table.js";

/**
 * The version of a row, "view.seqno": the id of the transaction that last wrote it. Undefined when there is no such row.
 *
 * @throws ApiError ViewNotKnown (503) while the node does not know in which view that transaction was
 */
export function versionOf<K>(table: Table<K, unknown>, key: K): string | undefined {
  const seqno = table.seqnoOf(key);
  if (seqno === undefined) return undefined;
  const view = ccf.consensus.getViewForSeqno(seqno);
  if (view === null) throw new ApiError("ViewNotKnown");
  return `${view}.${seqno}`;
}
