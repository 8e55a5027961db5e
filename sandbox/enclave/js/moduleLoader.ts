import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten-core";
import { Fault } from "./failures.js";
import { resolveModule } from "./moduleNames.js";

/** Text of a module, by its name with the leading slash. */
export type ModuleSource = (name: string) => string | undefined;

export type Module = {
  readonly name: string;
  readonly text: string;
  /** Words for a text that does not compile. */
  readonly failure: (reason: string) => string;
};

/** Names that guests cannot spell, since `resolveModule` gives all of theirs a leading slash. */
const COMPILE = "#compile:";
const END = "#end";

/** Loads and compiles the modules of one context. */
export class ModuleLoader {
  readonly #context: QuickJSContext;
  /** Reads an exception of a text that does not compile, and disposes of it. */
  readonly #reasonOf: (thrown: QuickJSHandle) => string;
  readonly #own = new Map<string, string>();
  #source: ModuleSource = () => undefined;
  /** How often `END` has been asked for. */
  #ends = 0;

  constructor(context: QuickJSContext, reasonOf: (thrown: QuickJSHandle) => string) {
    this.#context = context;
    this.#reasonOf = reasonOf;
    context.runtime.setModuleLoader(
      (name) => this.#load(name),
      (base, name) => (base.startsWith("#") ? name : resolveModule(base, name)),
    );
  }

  /** From where imports are loaded from now on. */
  useSource(source: ModuleSource): void {
    this.#source = source;
  }

  /** Runs with one more module at hand. */
  with<T>(name: string, text: string, run: () => T): T {
    this.#own.set(name, text);
    try {
      return run();
    } finally {
      this.#own.delete(name);
    }
  }

  /**
   * Compiles a module, and loads and compiles what it imports, but runs nothing: an entry module imports it, and after it one that there
   * is not, so that the entry fails as soon as all else is there. (The library's own `compileOnly` takes the text of a module for the
   * module, and with it whatever lies in memory.)
   *
   * @throws Fault
   */
  compile({ name, text, failure }: Module): void {
    const ends = this.#ends;
    const entry = `import ${JSON.stringify(name)}; import ${JSON.stringify(END)};`;
    const compiled = this.with(name, text, () => this.#context.evalCode(entry, `${COMPILE}${name}`, { type: "module" }));
    if (!compiled.error) throw new Error(`the module ${END} was found`);
    if (this.#ends === ends) throw new Fault(failure(this.#reasonOf(compiled.error)));
    compiled.error.dispose();
  }

  #load(name: string): string | { error: QuickJSHandle } {
    if (name === END) this.#ends++;
    const text = this.#own.get(name) ?? this.#source(name);
    return text ?? { error: this.#context.newError({ name: "ReferenceError", message: `Module '${name}' could not be loaded` }) };
  }
}
