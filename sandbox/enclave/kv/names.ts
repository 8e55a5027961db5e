/** A table whose name CCF reserves; CCF ends the whole request with 500 InternalError when such a table is used. */
export class ReservedTableName extends Error {
  override readonly name = "ReservedTableName";
  constructor(table: string) {
    super(`Map name '${withoutDomain(table)}' includes disallowed reserved prefix 'ccf.'`);
  }
}

export type TableCategory = "internal" | "governance" | "application";

/** Tables whose names start with `public:` are plain text in the ledger; all others are encrypted. */
export const isPublic = (table: string): boolean => table.startsWith("public:");

const withoutDomain = (table: string): string => (isPublic(table) ? table.slice("public:".length) : table);

/**
 * The owner of a table, by its name (CCF documentation, "Read/Write Restrictions").
 *
 * @throws ReservedTableName for any other name in `ccf.`
 */
export function categoryOf(table: string): TableCategory {
  const name = withoutDomain(table);
  if (name.startsWith("ccf.gov.")) return "governance";
  if (name.startsWith("ccf.internal.")) return "internal";
  if (name.startsWith("ccf.")) throw new ReservedTableName(table);
  return "application";
}
