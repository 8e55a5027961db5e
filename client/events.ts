import { getPast } from "./historical.js";
import { path, type Session } from "./session.js";

/** What a clean room has written down: the audit trail of a contract. */
export type Event = {
  readonly scope: string;
  readonly id: string;
  /** Of the transaction that wrote it. */
  readonly seqno: number;
  /** As the clean room says: milliseconds since 1970, as text. */
  readonly timestamp: string;
  readonly timestamp_iso?: string;
  readonly data: unknown;
};

export type Events = { readonly value: readonly Event[]; readonly nextLink?: string };

export type EventFilter = {
  /** The contract's id where it is not given. */
  readonly id?: string | undefined;
  readonly scope?: string | undefined;
};

/** The latest event. */
export function getLatestEvent({ transport }: Session, contractId: string, filter: EventFilter): Promise<Events> {
  return getPast(transport, addressOf(contractId, filter));
}

/**
 * All events, the earliest first: every page that the service has of them.
 *
 * @param pageSize transactions that a page covers; where it is not given, as many as the service likes
 */
export async function getAllEvents({ transport }: Session, contractId: string, filter: EventFilter, pageSize?: number): Promise<Events> {
  const value: Event[] = [];
  let address: string | undefined = addressOf(contractId, { ...filter, from_seqno: "1", max_seqno_per_page: pageSize?.toString() });
  while (address !== undefined) {
    const page: Events = await getPast(transport, address);
    value.push(...page.value);
    address = page.nextLink;
  }
  return { value };
}

function addressOf(contractId: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const query = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return `${path`/app/contracts/${contractId}/events`}${query.length > 0 ? "?" : ""}${query.join("&")}`;
}
