import { setTimeout } from "node:timers/promises";
import type { Sandbox } from "../../sandbox/index.js";
import { showService, type ShownTransaction } from "../../sandbox/ledger.js";

/** What nobody asked for: CCF signs its ledger. */
const SIGNATURES = "public:ccf.internal.signatures";

const isSignature = ({ tables }: ShownTransaction): boolean => tables.some(({ name }) => name === SIGNATURES);

/** The ids of all transactions on disk but the signatures. */
export async function written(service: Pick<Sandbox, "sign">, dir: string): Promise<ReadonlySet<string>> {
  await service.sign();
  await setTimeout(50); // until the file has it
  const ids = new Set<string>();
  for await (const transaction of showService(dir)) if (!isSignature(transaction)) ids.add(transaction.id);
  return ids;
}
