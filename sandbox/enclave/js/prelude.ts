import { kernel } from "./globals/kernel.js";
import type { Namespace, Operation } from "./globals/namespace.js";

/** What an interpreter is for, and so what is installed in it: an endpoint, apply, or what governance does before it. */
export type Purpose = "app" | "apply" | "other";

/** The guest side of the namespaces as one function expression of `host`, and the host functions that it calls, by number. */
export type Prelude = { readonly sources: Readonly<Record<Purpose, string>>; readonly operations: readonly Operation[] };

/** File name of the prelude, which traces show in the place of a source position, as for functions in C. */
export const PRELUDE_FILE = "native";

export function buildPrelude(namespaces: readonly Namespace[]): Prelude {
  const operations: Operation[] = [];
  const parts = namespaces.map(({ where, guest, operations: named }) => {
    const numbers = Object.entries(named).map(([name, operation]) => [name, operations.push(operation) - 1]);
    return { where, text: `((OP) => { ${guest} })(${JSON.stringify(Object.fromEntries(numbers))});` };
  });
  const sourceFor = (purpose: Purpose): string => {
    const wanted = parts.filter(({ where }) => where === "everywhere" || where === purpose).map(({ text }) => text);
    return `(function (host) { "use strict"; ${kernel} ${wanted.join(" ")} return api; })`.replaceAll(/\s*\n\s*/g, " ");
  };
  return { sources: { app: sourceFor("app"), apply: sourceFor("apply"), other: sourceFor("other") }, operations };
}
