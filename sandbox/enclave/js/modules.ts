import { randomUUID } from "node:crypto";
import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten-core";
import { Fault, type Thrown } from "./failures.js";
import type { GuestHelpers } from "./marshal.js";
import { ModuleLoader, type ModuleSource } from "./moduleLoader.js";
import { topLevelException } from "./warnings.js";

/** A module that may or may not have been loaded before. */
export type ModuleText = {
  readonly name: string;
  /** @throws Fault when there is no such module */
  readonly text: () => string;
  /** Words for a text that does not compile. */
  readonly failure: (reason: string) => string;
};

/** What modules need of the interpreter that they are in. */
export type ModuleHost = {
  readonly helpers: GuestHelpers;
  /** Prints an exception and disposes of it. */
  explain(thrown: QuickJSHandle): Thrown;
  /** Notes an exception that CCF swallows, once for each `about`. */
  warn(about: string, line: string): void;
  /** Runs the evaluation of a module. */
  evaluate<T>(run: () => T): T;
};

const ENTRY = "#entry:";
const CAPTURE = "#capture:";

/** The modules of one context, and what they export. */
export class Modules {
  readonly #context: QuickJSContext;
  readonly #host: ModuleHost;
  readonly #loader: ModuleLoader;
  /** By name of the module: a guest function that returns its namespace. */
  readonly #namespaces = new Map<string, QuickJSHandle>();
  readonly #exports = new Map<string, QuickJSHandle>();

  constructor(context: QuickJSContext, host: ModuleHost) {
    this.#context = context;
    this.#host = host;
    this.#loader = new ModuleLoader(context, (thrown) => host.explain(thrown).reason);
  }

  /** From where imports are loaded from now on. */
  useSource(source: ModuleSource): void {
    this.#loader.useSource(source);
  }

  /**
   * A function that a module exports, borrowed. The module is compiled and evaluated unless it has been before.
   *
   * What it throws at its top level is only logged, as in CCF: its hoisted functions are there all the same.
   *
   * @throws Fault in CCF's words
   */
  exported({ name, text, failure }: ModuleText, exportName: string): QuickJSHandle {
    const key = `${name}\0${exportName}`;
    const known = this.#exports.get(key);
    if (known) return known;

    let namespace = this.#namespaces.get(name);
    if (!namespace) {
      this.#loader.compile({ name, text: text(), failure });
      namespace = this.#evaluate(name);
      this.#namespaces.set(name, namespace);
    }
    const exported = this.#context.newString(exportName).consume((handle) => this.#host.helpers.call("exported", namespace, handle));
    if (this.#context.typeof(exported) === "function") {
      this.#exports.set(key, exported);
      return exported;
    }
    const isMissing = this.#context.getNumber(exported) === 0;
    exported.dispose();
    if (isMissing) throw new Fault(`Failed to find export '${exportName}' in module '${name}'`);
    throw new Fault(`Export '${exportName}' of module '${name}' is not a function`);
  }

  dispose(): void {
    for (const handle of [...this.#namespaces.values(), ...this.#exports.values()]) handle.dispose();
  }

  /**
   * Evaluates a compiled module through an entry module that imports it, and a second one between them, which hands out a function of
   * the entry before the module runs: an import namespace outlives the failure of its module, the result of an evaluation does not.
   */
  #evaluate(name: string): QuickJSHandle {
    const [entry, capture] = [`${ENTRY}${name}`, `${CAPTURE}${name}`].map((text) => JSON.stringify(text));
    let captured: QuickJSHandle | undefined;
    const receive = this.#context.newFunction("capture", (namespace) => {
      captured = namespace.dup();
    });
    // A name that no guest of a reused interpreter can have laid a trap under.
    const property = randomUUID();
    this.#context.setProp(this.#context.global, property, receive);
    receive.dispose();

    const between = `import { namespace } from ${entry}; const f = globalThis["${property}"]; delete globalThis["${property}"]; f(namespace);`;
    const text = `import ${capture}; import * as exports from ${JSON.stringify(name)}; export function namespace() { return exports; }`;
    const evaluated = this.#loader.with(`${CAPTURE}${name}`, between, () =>
      this.#host.evaluate(() => this.#context.evalCode(text, `${ENTRY}${name}`, { type: "module" })),
    );
    if (!evaluated.error) evaluated.value.dispose();
    const problem = evaluated.error && this.#host.explain(evaluated.error);
    if (!captured) throw new Fault(`Failed to execute ${name}: ${problem?.reason ?? ""}`);
    if (problem) this.#host.warn(`top level of ${name}`, topLevelException(name, problem.reason, problem.trace));
    return captured;
  }
}
