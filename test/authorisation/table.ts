import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** What is answered to whom, by caller. */
export type Cells = Readonly<Record<string, string>>;

/** The rows of `matrix.md` by their operations, as they are written there. @throws Error for an operation that has two rows */
export async function readMatrix(): Promise<ReadonlyMap<string, Cells>> {
  const text = await readFile(join(import.meta.dirname, "matrix.md"), "utf8");
  const cellsOf = (line: string): string[] => line.slice(1, -1).split("|").map((cell) => cell.trim()); // prettier-ignore
  const [head = [], , ...rows] = text.slice(text.indexOf("| operation")).trimEnd().split("\n").map(cellsOf);
  const [, ...callers] = head;
  const table = new Map<string, Cells>();
  for (const [operation = "", ...cells] of rows) {
    if (table.has(operation)) throw new Error(`matrix.md has two rows of ${operation}`);
    table.set(operation, Object.fromEntries(callers.map((caller, i) => [caller, cells[i] ?? ""])));
  }
  return table;
}
