import path from "node:path";
import { expect, test } from "vitest";
import { endpointsOf, readAppMap } from "../../build/appMap.js";

const map = await readAppMap(path.resolve(import.meta.dirname, "../.."));

const isParameter = (segment: string): boolean => segment.startsWith("{");

/** What two URLs both match: the path, or a template of such paths. Undefined when there is nothing. */
function overlap(a: string, b: string): string | undefined {
  const [ours, theirs] = [a.split("/"), b.split("/")];
  if (ours.length !== theirs.length) return undefined;
  const segments = ours.map((segment, i) => {
    const other = theirs[i] ?? "";
    if (isParameter(segment)) return other;
    return isParameter(other) || other === segment ? segment : undefined;
  });
  return segments.includes(undefined) ? undefined : segments.join("/");
}

test("a path that matches two templates is declared word for word, so that CCF need not choose", () => {
  const templates = endpointsOf(map).filter(({ url }) => url.includes("{"));
  const ambiguous = templates.flatMap((one, i) =>
    templates.slice(i + 1).flatMap((other) => {
      const both = one.verb === other.verb ? overlap(one.url, other.url) : undefined;
      return both === undefined || map[both]?.[one.verb] ? [] : [`${one.verb} ${both}: ${one.url}, ${other.url}`];
    }),
  );
  expect(ambiguous).toEqual([]);
});
