import { linkTo } from "./link.js";

export type PageQuery = { readonly limit?: string | undefined; readonly after?: string | undefined };

export type Page<T> = { readonly value: T[]; readonly nextLink?: string };

/**
 * A page of a list, in ascending order of the ids: by UTF-16 units, so that pages fit together whatever is added in between.
 *
 * @param query `limit` and `after` (see `PAGE`), and what else the link to the next page must repeat
 * @param path of the list, with `/app`, for the link
 * @param entryOf makes the entry of an id: asked only for what is returned
 */
export function paged<T>(
  ids: Iterable<string>,
  query: PageQuery & Readonly<Record<string, string | undefined>>,
  path: string,
  entryOf: (id: string) => T,
): Page<T> {
  const { limit, after } = query;
  const left = [...ids].filter((id) => !after || id > after).sort();
  const page = limit ? left.slice(0, Number(limit)) : left;
  const value = page.map(entryOf);
  return page.length === left.length ? { value } : { value, nextLink: linkTo(path, { ...query, after: page.at(-1) }) };
}
