/** Parameters by name. A parameter that is given with several values becomes a list, which no schema of ours accepts. */
export type QueryParameters = Readonly<Record<string, string | readonly string[]>>;

/**
 * Splits a query.
 *
 * CCF decodes the query as a whole before the application sees it, so `&` always separates parameters, encoded or not; a value may
 * contain `=`. Some clients put a second `?` in front of the first parameter. A name without `=` counts as absent.
 */
export function parseQuery(query: string): QueryParameters {
  const parameters = Object.create(null) as Record<string, string | string[]>; // no prototype: every name is only a name
  for (const part of (query.startsWith("?") ? query.slice(1) : query).split("&")) {
    const equals = part.indexOf("=");
    if (equals < 0) continue;
    const name = part.slice(0, equals);
    const value = part.slice(equals + 1);
    const earlier = parameters[name];
    if (earlier === value) continue; // clients append parameters to links that have them already
    parameters[name] = earlier === undefined ? value : typeof earlier === "string" ? [earlier, value] : [...earlier, value];
  }
  return parameters;
}
