import { readFile } from "node:fs/promises";
import type { Mounts } from "./place.js";

/** A person's features in the order of the model, and the label. */
export type Known = { readonly features: readonly number[]; readonly label: number };

const FEATURES = ["age", "doses", "months_since_dose", "ct_value", "sequenced", "symptoms", "travelled", "contacts"];

/** Joins the generated files in the plainest way, by the first column, for comparison. Whoever has rows that differ is left out. */
export async function joinedPlainly({ at }: Mounts): Promise<ReadonlyMap<string, Known>> {
  const files = ["cowin/vaccinations.csv", "icmr/laboratory_results.csv", "index/case_index.csv"];
  const people = new Map<string, Set<string>[]>();
  const headers: string[][] = [];
  for (const [table, file] of files.entries()) {
    const text = await readFile(at(`/mnt/remote/${file}`), "utf8");
    const [header = [], ...rows] = text.trimEnd().split("\n").map((line) => line.replace(/"[^"]*"/, "").split(",")); // prettier-ignore
    headers.push(header);
    for (const row of rows) {
      const [id = ""] = row;
      const sets = people.get(id) ?? files.map(() => new Set<string>());
      people.set(id, sets);
      sets[table]?.add(row.filter((_, index) => [...FEATURES, "test_result"].includes(header[index] ?? "")).join());
    }
  }
  const known = new Map<string, Known>();
  const columns = headers.map((header) => header.filter((name) => [...FEATURES, "test_result"].includes(name)));
  for (const [id, sets] of people) {
    if (sets.some(({ size }) => size !== 1)) continue;
    const values = new Map(sets.flatMap((set, table) => [...set][0]?.split(",").map((text, at) => [columns[table]?.[at] ?? "", Number(text)] as const) ?? [])); // prettier-ignore
    known.set(id, { features: FEATURES.map((name) => values.get(name) ?? NaN), label: values.get("test_result") ?? NaN });
  }
  return known;
}
