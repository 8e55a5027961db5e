import { entriesOf, showEntry, type ShownTransaction } from "../../../../sandbox/ledger.js";
import { isObject } from "../../../json.js";
import { inDirectory } from "../../../sandbox/ledger/directory.js";

export type Found = {
  /** Transactions that wrote a proposal or a vote on it: id to the entry in the ledger, base64. */
  readonly entries: ReadonlyMap<string, string>;
  /** Of all who were ever members: id to PEM. */
  readonly certificates: ReadonlyMap<string, string>;
  /** Member id of whoever made the proposal. */
  readonly proposerId?: string;
};

/** Finds in the ledger of a service what concerns a proposal. @throws CommandError */
export function readLedger(dir: string, proposalId: string): Promise<Found> {
  return inDirectory(dir, async (directory) => {
    const entries = new Map<string, string>();
    const certificates = new Map<string, string>();
    let proposerId: string | undefined;
    for await (const bytes of entriesOf(directory)) {
      const transaction = showEntry(bytes);
      for (const [memberId, pem] of rowsOf(transaction, "public:ccf.gov.members.certs")) {
        if (typeof pem === "string") certificates.set(memberId, pem);
      }
      const proposal = rowsOf(transaction, "public:ccf.gov.proposals_info").get(proposalId);
      if (!isObject(proposal)) continue;
      entries.set(transaction.id, Buffer.from(bytes).toString("base64"));
      proposerId ??= String(proposal.proposer_id);
    }
    return { entries, certificates, ...(proposerId !== undefined && { proposerId }) };
  });
}

/** What a transaction wrote to a table: by key, values as JSON or text, null where a row was deleted. */
export function rowsOf({ tables }: ShownTransaction, table: string): Map<string, unknown> {
  const rows = tables.filter(({ name }) => name === table).flatMap(({ rows }) => rows);
  return new Map(
    rows.flatMap(({ key, value }) => {
      if (!("text" in key)) return [];
      if (value === null) return [[key.text, null] as const];
      return [[key.text, "json" in value ? value.json : "text" in value ? value.text : value.hex] as const];
    }),
  );
}
