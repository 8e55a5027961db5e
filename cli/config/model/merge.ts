import { isDeepStrictEqual } from "node:util";
import { CommandError } from "../../failure.js";
import { settleMounts } from "./application.js";
import type { Path } from "./located.js";
import type { Source } from "./read.js";
import type { Specification } from "./specification.js";
import { notation } from "./violations.js";

/** Where a value came from. */
type Origin = { readonly source: Source; readonly path: Path };

/** A value and, for each of its parts that can come from another file, where from. */
type Part = Origin & { readonly value: unknown };

/** What has names of its own in each of these lists; datasources and datasinks are folders side by side, so they share their names. */
const named = [
  ["identities", "identity"],
  ["datasources", "datasource"],
  ["datasinks", "datasink"],
  ["applications", "application"],
] as const;

/**
 * Joins the shares of the parties. Of what several have, and have alike, there is one; what they have differently under one name is an
 * error. What parties keep for themselves is left out.
 *
 * @throws CommandError which shows both sides of every conflict
 */
export function merge(sources: readonly Source[]): Specification {
  const conflicts: string[] = [];
  const lists = Object.fromEntries(named.map(([list, kind]) => [list, byName(sources, list, kind, conflicts)]));
  bothSourceAndSink(sources, conflicts);
  const rest = (["sandbox", "network", "governance"] as const).flatMap((key) => {
    const parts = sources.map((source) => ({ source, path: [key], value: source.config[key] }));
    const value = parts.reduce<Part | undefined>((left, right) => joined(left, right, conflicts), undefined)?.value;
    return value === undefined ? [] : [[key, value] as const];
  });
  if (conflicts.length > 0) throw new CommandError(conflicts.join("\n  "));
  return settleMounts({ ...lists, ...Object.fromEntries(rest) } as Specification);
}

function byName(sources: readonly Source[], list: (typeof named)[number][0], kind: string, conflicts: string[]): unknown[] {
  const found = new Map<string, Part>();
  for (const source of sources) {
    for (const [index, value] of source.config[list].entries()) {
      const part: Part = { source, path: [list, index], value };
      const first = found.get(value.name);
      if (!first) found.set(value.name, part);
      else if (!isDeepStrictEqual(first.value, value)) conflicts.push(conflict(`${kind} "${value.name}"`, first, part));
    }
  }
  return [...found.values()].map(({ value }) => value);
}

function bothSourceAndSink(sources: readonly Source[], conflicts: string[]): void {
  const points = (list: "datasources" | "datasinks") =>
    sources.flatMap((source) => source.config[list].map(({ name }, index) => ({ name, place: source.at([list, index]) })));
  for (const source of points("datasources")) {
    const sink = points("datasinks").find(({ name }) => name === source.name);
    if (sink) conflicts.push(`"${source.name}" is a datasource at ${source.place} and a datasink at ${sink.place}: give one another name`);
  }
}

/** Objects are joined field by field, lists hold what either has; any other difference is a conflict. */
function joined(left: Part | undefined, right: Part, conflicts: string[]): Part | undefined {
  if (left?.value === undefined) return right;
  if (right.value === undefined || isDeepStrictEqual(left.value, right.value)) return left;
  if (Array.isArray(left.value) && Array.isArray(right.value)) {
    const before: unknown[] = left.value;
    const more = (right.value as unknown[]).filter((item) => !before.some((known) => isDeepStrictEqual(known, item)));
    return { ...left, value: [...before, ...more] };
  }
  if (!isMap(left.value) || !isMap(right.value) || "name" in left.value) {
    conflicts.push(conflict(notation(left.path), left, right));
    return left;
  }
  const mine = left.value;
  const theirs = right.value;
  const fields = [...new Set([...Object.keys(mine), ...Object.keys(theirs)])].map((key) => {
    const inner = (part: Part, value: unknown): Part => ({ source: part.source, path: [...part.path, key], value });
    return [key, joined(inner(left, mine[key]), inner(right, theirs[key]), conflicts)?.value];
  });
  return { ...left, value: Object.fromEntries(fields) };
}

/** One line that says where two things of one name stand, and where they first differ. */
function conflict(what: string, left: Part, right: Part): string {
  const { path, mine, theirs } = difference(left.value, right.value, []);
  const field = path.length === 0 ? "it" : notation(path);
  return (
    `${what} differs: ${field} is ${shown(mine)} at ${left.source.at([...left.path, ...path])} ` +
    `and ${shown(theirs)} at ${right.source.at([...right.path, ...path])}`
  );
}

function difference(mine: unknown, theirs: unknown, path: Path): { path: Path; mine: unknown; theirs: unknown } {
  const alike = (isMap(mine) && isMap(theirs)) || (Array.isArray(mine) && Array.isArray(theirs));
  if (!alike) return { path, mine, theirs };
  const [left, right] = [mine, theirs] as [Record<string, unknown>, Record<string, unknown>];
  const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])];
  const key = keys.find((candidate) => !isDeepStrictEqual(left[candidate], right[candidate])) ?? "";
  return difference(left[key], right[key], [...path, Array.isArray(mine) ? Number(key) : key]);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  if (value === undefined) return "absent";
  const json = JSON.stringify(value);
  return json.length > 80 ? `${json.slice(0, 80)}…` : json;
}
