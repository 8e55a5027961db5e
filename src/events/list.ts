import { handler } from "../http/handler.js";
import { linkTo } from "../http/link.js";
import { ledgerPage, rangeOf } from "../http/range.js";
import { events } from "../kv/tables.js";
import { ContractPath } from "../model/contract.js";
import { EventList, ListEventsQuery } from "../model/event.js";
import { eventOf } from "./name.js";

/** ISO 8601; undefined where something else than this application has written what is no time. */
function isoOf(timestamp: string): string | undefined {
  const milliseconds = Number(timestamp);
  if (!(Math.abs(milliseconds) <= 8.64e15)) return undefined; // ECMAScript, "Time Values and Time Range"
  // eslint-disable-next-line no-restricted-globals -- writes a time down, reads no clock
  return new Date(milliseconds).toISOString();
}

/**
 * GET /contracts/{contractId}/events: the latest event with an id; with `from_seqno` or `to_seqno`, all of them in that part of the ledger.
 *
 * @throws InvalidInput (400)
 */
export const listEvents = handler(
  { params: ContractPath, query: ListEventsQuery, returns: EventList, pending: true, callers: ["member_cert", "user_cert"] },
  ({ params: { contractId }, query, caller }) => {
    const { id, scope } = eventOf(contractId, query);
    const table = events(contractId, scope);
    const range = rangeOf(query);
    const lastWrite = table.seqnoOf(id);
    const entryOf = ({ timestamp, data }: { timestamp: string; data: unknown }, seqno: number) => {
      const iso = isoOf(timestamp);
      return { scope, id, seqno, timestamp, ...(iso !== undefined && { timestamp_iso: iso }), data };
    };

    if (!query.from_seqno && !query.to_seqno) {
      const latest = table.get(id);
      return { value: latest && lastWrite !== undefined ? [entryOf(latest, lastWrite)] : [] };
    }
    return ledgerPage(range, { table, key: id, lastWrite }, caller.id, entryOf, (rest) =>
      linkTo(`/app/contracts/${contractId}/events`, { ...rest, id, scope }),
    );
  },
);
