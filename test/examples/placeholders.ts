/**
 * Texts in angle brackets stand for what differs from run to run: `<alice>`. What is known takes their place; in an answer, the first
 * appearance of one that is not known yet makes it known, and later ones must be the same.
 */
export class Placeholders {
  readonly #known: Map<string, unknown>;

  constructor(known: Readonly<Record<string, unknown>>) {
    this.#known = new Map(Object.entries(known));
  }

  /** @throws Error for a placeholder that is not known */
  filled(value: unknown): unknown {
    if (typeof value === "string") return this.#filledText(value);
    if (Array.isArray(value)) return value.map((item) => this.filled(item));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, this.filled(field)]));
  }

  #filledText(text: string): unknown {
    const whole = /^<([^<>]+)>$/.exec(text)?.[1];
    if (whole !== undefined) return this.#value(whole);
    return text.replaceAll(/<([^<>]+)>/g, (_, name: string) => String(this.#value(name)));
  }

  #value(name: string): unknown {
    if (!this.#known.has(name)) throw new Error(`nothing is known of <${name}>`);
    return this.#known.get(name);
  }

  /** What was expected, with the placeholders replaced by what is known or, where nothing is known, by what came. */
  met(expected: unknown, actual: unknown): unknown {
    if (typeof expected === "string") return this.#metText(expected, actual);
    if (Array.isArray(expected)) return expected.map((item, i) => this.met(item, (actual as readonly unknown[] | undefined)?.[i]));
    if (typeof expected !== "object" || expected === null) return expected;
    const fields = actual as Readonly<Record<string, unknown>> | undefined;
    return Object.fromEntries(Object.entries(expected).map(([name, field]) => [name, this.met(field, fields?.[name])]));
  }

  #metText(expected: string, actual: unknown): unknown {
    const whole = /^<([^<>]+)>$/.exec(expected)?.[1];
    if (whole !== undefined && actual !== undefined && !this.#known.has(whole)) this.#known.set(whole, actual);
    const names = [...expected.matchAll(/<([^<>]+)>/g)].map(([, name = ""]) => name);
    const texts = expected.split(/<[^<>]+>/).map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const found = new RegExp(`^${texts.join("([^]+?)")}$`).exec(String(actual));
    for (const [i, name] of names.entries()) if (found && !this.#known.has(name)) this.#known.set(name, found[i + 1]);
    return names.every((name) => this.#known.has(name)) ? this.filled(expected) : expected;
  }
}
