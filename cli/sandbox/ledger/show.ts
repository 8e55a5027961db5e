import { showService, type ShownTransaction } from "../../../sandbox/ledger.js";
import { command, optional, parsed } from "../../command.js";
import { UsageError } from "../../failure.js";
import { directory, inDirectory } from "./directory.js";
import { transactionText } from "./text.js";

export default command({
  description:
    "Prints the transactions of a ledger with the rows that they wrote. Public tables are decoded, as JSON or text where they are; of private " +
    "ones there is no more to see than their size. Long values are shortened unless another format is asked for. Nothing is verified: " +
    "`sandbox ledger verify` does that. The service may be running.",
  examples: [
    ["The first transaction: what the service began with", "cleanroom sandbox ledger show --dir ./data --to 1"],
    ["Everything that happened to proposals", "cleanroom sandbox ledger show --dir ./data --table public:ccf.gov.proposals_info"],
    ["As data, in full", "cleanroom sandbox ledger show --dir ./data --from 20 --to 30 --output json"],
  ],
  options: {
    dir: directory,
    from: parsed("--from <n>", "the first transaction, by its sequence number", parseSeqno),
    to: parsed("--to <n>", "the last transaction", parseSeqno),
    table: optional("--table <name>", "only transactions that wrote this public table, and of them only this table"),
  },
  text: (transactions: readonly ShownTransaction[]) => transactions.map(transactionText).join("\n"),
  run: ({ dir, from, to, table }) => {
    if (from !== undefined && to !== undefined && from > to) throw new UsageError(`--from ${from} comes after --to ${to}`);
    return inDirectory(dir, async (service) => {
      const found: ShownTransaction[] = [];
      for await (const transaction of showService(service, { from, to })) {
        const shown = table === undefined ? transaction : only(table, transaction);
        if (shown) found.push(shown);
      }
      return found;
    });
  },
});

function only(name: string, transaction: ShownTransaction): ShownTransaction | undefined {
  const tables = transaction.tables.filter((table) => table.name === name);
  return tables.length > 0 ? { ...transaction, tables, privateBytes: 0 } : undefined;
}

function parseSeqno(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new UsageError(`"${text}" is no sequence number: give a whole number from 1`);
}
