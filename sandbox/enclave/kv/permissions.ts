import { categoryOf, isPublic } from "./names.js";

/** Where guest code runs: `gov-ro` is validate, resolve and ballots; `gov-rw` is apply; `app-*` are endpoints. */
export type ExecutionContext = "gov-ro" | "gov-rw" | "app-ro" | "app-rw";

export type TableAccess = "none" | "read" | "read-write";

/** What code in a context may do with a table (CCF documentation, "Read/Write Restrictions"; measured on CCF 6.0.7). */
export function accessTo(table: string, context: ExecutionContext): TableAccess {
  const category = categoryOf(table);
  if (category === "application") {
    if (context === "app-rw") return "read-write";
    if (context === "app-ro") return "read";
    return "none";
  }
  if (!isPublic(table)) return "none";
  return category === "governance" && context === "gov-rw" ? "read-write" : "read";
}
