import ts from "typescript";

/** What the comment before an operation says of it. */
export type Docstring = {
  /** `GET /contracts`; more than one where an operation has several spellings. */
  readonly routes: readonly string[];
  /** Markdown, beginning with what stands behind the routes; paragraphs are separated by an empty line. */
  readonly text: string;
  /** By code. */
  readonly errors: readonly { readonly code: string; readonly status: number }[];
  /** What else stands behind `@throws`, where it distinguishes callers. */
  readonly throws: string;
};

/** The text of a comment without its frame. */
const unframed = (comment: string): string =>
  comment
    .replace(/^\/\*\*/, "")
    .replace(/\*\/$/, "")
    .split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trim())
    .join("\n")
    .trim();

/** A paragraph is one line. */
const joined = (text: string): string => text.replaceAll(/(?<!\n)\n(?!\n)/g, " ");

/**
 * `GET and POST /a`, `PUT /a and /b`, `GET /a, POST /b`: methods stand for all paths that follow, up to the next method.
 */
function routesIn(head: string): string[] {
  const routes: string[] = [];
  let methods: string[] = [];
  let afterPath = false;
  for (const word of head.split(/[\s,]+/)) {
    if (/^[A-Z]+$/.test(word)) {
      methods = afterPath ? [word] : [...methods, word];
      afterPath = false;
    } else if (word.startsWith("/")) {
      routes.push(...methods.map((method) => `${method} ${word}`));
      afterPath = true;
    } else if (word !== "and") return [];
  }
  return routes;
}

/** @returns undefined where the comment does not begin with routes and a colon */
export function readDocstring(comment: string): Docstring | undefined {
  const [body = "", ...tags] = joined(unframed(comment)).split(/(?:^|\s)@throws /);
  const colon = body.indexOf(": ");
  const routes = colon < 0 ? [] : routesIn(body.slice(0, colon));
  if (routes.length === 0) return undefined;
  const throws = tags.join(" ");
  const errors = [...throws.matchAll(/\b([A-Z]\w+) \((\d{3})\)/g)].map(([, code = "", status]) => ({ code, status: Number(status) }));
  return { routes, text: body.slice(colon + 2).trim(), errors, throws };
}

/** The comments before the exported constants of a source file, by their names. */
export function docstringsOf(source: string): ReadonlyMap<string, string> {
  const file = ts.createSourceFile("module.ts", source, ts.ScriptTarget.ES2022);
  const found = new Map<string, string>();
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    const comments = ts.getLeadingCommentRanges(source, statement.pos) ?? [];
    const last = comments.map(({ pos, end }) => source.slice(pos, end)).filter((comment) => comment.startsWith("/**")).at(-1); // prettier-ignore
    for (const { name } of statement.declarationList.declarations)
      if (last !== undefined && ts.isIdentifier(name)) found.set(name.text, last);
  }
  return found;
}
