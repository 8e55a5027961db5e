import type { Transaction } from "../kv/transaction.js";
import type { ModuleSource } from "./moduleLoader.js";

const MODULES = "public:ccf.gov.modules";

/** The application's modules as a transaction sees them. */
export const appModules =
  (tx: Transaction): ModuleSource =>
  (name) => {
    const text = tx.table(MODULES).get(Buffer.from(name, "utf8"));
    return text && Buffer.from(text).toString("utf8");
  };

export function appModuleNames(tx: Transaction): readonly string[] {
  const names: string[] = [];
  tx.table(MODULES).forEach((_text, name) => names.push(Buffer.from(name).toString("utf8")));
  return names;
}
