import { CcfError } from "./errors.js";

/** A path template with its handlers by verb. `{name}` stands for one or more characters other than `/`. */
type Route<T> = { readonly template: string; readonly pattern: RegExp; readonly names: readonly string[]; readonly verbs: Map<string, T> };

export type Match<T> = { readonly target: T; readonly template: string; readonly params: Readonly<Record<string, string>> };

/** Finds the endpoint of a request as CCF does: an exact path wins; of several matching templates none does. */
export class Router<T> {
  readonly #exact = new Map<string, Route<T>>();
  readonly #templates: Route<T>[] = [];
  readonly #unclosed: { readonly verb: string; readonly template: string }[] = [];

  /** A template that lacks a `}` fails, as on CCF, the requests for which it is looked at, not the installation. */
  add(verb: string, template: string, target: T): this {
    if (template.lastIndexOf("{") > template.lastIndexOf("}")) {
      this.#unclosed.push({ verb, template });
      return this;
    }
    const exact = !template.includes("{");
    let route = exact ? this.#exact.get(template) : this.#templates.find((r) => r.template === template);
    if (!route) {
      route = compile(template);
      if (exact) this.#exact.set(template, route);
      else this.#templates.push(route);
    }
    route.verbs.set(verb, target);
    return this;
  }

  /** All that requests can find: exact paths, then templates. */
  routes(): readonly { readonly verb: string; readonly template: string; readonly target: T }[] {
    return [...this.#exact.values(), ...this.#templates].flatMap(({ template, verbs }) =>
      [...verbs].map(([verb, target]) => ({ verb, template, target })),
    );
  }

  /** @throws CcfError ResourceNotFound, UnsupportedHttpVerb, InternalError when two templates match or one lacks a `}` */
  find(verb: string, path: string): Match<T> | { readonly allow: string } {
    const exact = this.#exact.get(path);
    const target = exact?.verbs.get(verb);
    if (exact && target !== undefined) return { target, template: exact.template, params: {} };

    this.#requireClosed((unclosed) => unclosed.verb === verb);
    const all = this.#templates.filter((route) => route.pattern.test(path));
    const usable = all.filter((route) => route.verbs.has(verb));
    if (usable.length > 1) {
      const list = usable.map((route) => `\n  ${route.template}`).join("");
      throw new CcfError("InternalError", `Exception: Multiple potential matches for path: ${path}${list}`);
    }
    const found = usable[0];
    if (found) return { target: found.verbs.get(verb) as T, template: found.template, params: parametersOf(found, path) };

    this.#requireClosed(() => true); // whatever its verb, it would have a part in what is allowed
    const known = exact ? [exact, ...all] : all;
    if (known.length === 0) throw new CcfError("ResourceNotFound", `Unknown path: ${path}.`);
    const allow = [...new Set(["OPTIONS", ...known.flatMap((route) => [...route.verbs.keys()])])].join(", ");
    if (verb === "OPTIONS") return { allow };
    throw new CcfError("UnsupportedHttpVerb", `Allowed methods for '${path}' are: ${allow}.`, { headers: { allow } });
  }

  #requireClosed(isLookedAt: (unclosed: { readonly verb: string }) => boolean): void {
    const template = this.#unclosed.find(isLookedAt)?.template;
    if (template === undefined) return;
    throw new CcfError("InternalError", `Exception: Invalid templated path - missing closing curly bracket: ${template}`);
  }
}

function compile<T>(template: string): Route<T> {
  const names: string[] = [];
  let source = "";
  let rest = template;
  for (let open = rest.indexOf("{"); open >= 0; open = rest.indexOf("{")) {
    const close = rest.indexOf("}", open);
    names.push(rest.slice(open + 1, close));
    const next = rest[close + 1];
    source += escape(rest.slice(0, open)) + (next === undefined || next === "/" ? "([^/]+)" : `([^/${escape(next)}]+)`);
    rest = rest.slice(close + 1);
  }
  return { template, pattern: new RegExp(`^${source}${escape(rest)}$`), names, verbs: new Map() };
}

const escape = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|\-/]/g, "\\$&");

function parametersOf<T>(route: Route<T>, path: string): Record<string, string> {
  const groups = route.pattern.exec(path)?.slice(1) ?? [];
  return Object.fromEntries(route.names.map((name, i) => [name, groups[i] ?? ""]));
}
