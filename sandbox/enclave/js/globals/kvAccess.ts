import { categoryOf } from "../../kv/names.js";
import { accessTo, type ExecutionContext } from "../../kv/permissions.js";
import type { Call } from "../call.js";

const CONTEXTS: Readonly<Record<ExecutionContext, string>> = {
  "gov-ro": "read-only governance",
  "gov-rw": "read-write governance",
  "app-ro": "read-only application",
  "app-rw": "application",
};

const WRITES: ReadonlySet<string> = new Set(["set", "delete", "clear"]);

/**
 * Refuses what the context may not do with a table; the empty method asks for nothing, but for a name that is not reserved.
 *
 * @throws TypeError in CCF's words, ReservedTableName
 */
export function requireAccess(call: Call, scope: number, table: string, method: string): void {
  if (call.evaluating) call.warn("topLevelKv");
  categoryOf(table);
  const access = accessTo(table, call.context);
  const past = scope > 0;
  if (access === "read-write" && !past) return;
  if (method === "" || (access !== "none" && !WRITES.has(method))) return;

  // The getter has no room for an explanation in CCF.
  const explanation = method === "size" ? "" : past && access !== "none" ? PAST : restriction(access === "none", call.context);
  throw new TypeError(`Cannot call "${method}" on table named ${table}. ${explanation}`);
}

const PAST = "All tables are read-only during historical transaction.";

const restriction = (inaccessible: boolean, context: ExecutionContext): string =>
  `This table is ${inaccessible ? "inaccessible" : "read-only"} in current (${CONTEXTS[context]}) execution context. ` +
  "See https://microsoft.github.io/CCF/main/audit/read_write_restrictions.html for more detail.";
