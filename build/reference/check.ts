import type { Docstring } from "./docstring.js";

/**
 * What is wrong with the docstring of an operation, in words; nothing when it can be read and says what is so.
 *
 * @param routes that lead to the operation, as `GET /contracts`
 * @param statusOf the status of an error code; undefined where there is no such code
 */
export function complaints(
  docstring: Docstring | undefined,
  routes: readonly string[],
  statusOf: (code: string) => number | undefined,
): string[] {
  if (!docstring) return ["its docstring does not begin with METHOD /path: ..."];
  const named = new Set(docstring.routes);
  return [
    ...routes.filter((route) => !named.has(route)).map((route) => `its docstring does not name ${route}`),
    ...docstring.routes.filter((route) => !routes.includes(route)).map((route) => `its docstring names ${route}, which is not its own`),
    ...docstring.errors.flatMap(({ code, status }) => {
      const known = statusOf(code);
      if (known === status) return [];
      return [known === undefined ? `there is no error ${code}` : `${code} has status ${known}, not ${status}`];
    }),
  ];
}
