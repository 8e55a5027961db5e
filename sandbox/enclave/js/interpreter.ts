import { performance } from "node:perf_hooks";
import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten-core";
import { ReservedTableName } from "../kv/names.js";
import { Arguments } from "./arguments.js";
import type { Call } from "./call.js";
import { compileModules } from "./compileModules.js";
import { Fault, GuestException, isEngineFailure, TimedOut, type Thrown } from "./failures.js";
import type { Compile } from "./globals/namespace.js";
import type { Limits } from "./limits.js";
import { Marshal } from "./marshal.js";
import { Modules } from "./modules.js";
import { PRELUDE_FILE, type Prelude, type Purpose } from "./prelude.js";
import { MAX_HEAP_BYTES, MAX_STACK_BYTES, type QuickJsInstance } from "./quickjs.js";
import { InternalError } from "./values.js";

/** QuickJS from 2025 shows columns. */
const PRELUDE_POSITION = new RegExp(`(?<=\\()${PRELUDE_FILE}:[0-9:]+(?=\\))`, "g");

/**
 * The frames of `respond`, which reads what an endpoint returned, and of what it calls. On CCF that is C++, which has no frames: the trace
 * of a result that cannot be converted begins with what the guest's own getters and `toJSON` were doing, if anything.
 */
const READING = new RegExp(
  ["stringify", "stringify", "host", "concat", "putText", "putBody"]
    .map((name) => `(    at ${name} \\(${PRELUDE_FILE}[0-9:]*\\)\\n)?`)
    .concat(`    at respond \\(${PRELUDE_FILE}[0-9:]*\\)\\n$`)
    .join(""),
);

/** For what the engine itself runs in a guest after its limits were reached: to print an exception. */
const EXPLAIN_MS = 100;

/** One QuickJS runtime with one context: its globals, its modules, and the call that it is in. */
export class Interpreter {
  readonly context: QuickJSContext;
  readonly modules: Modules;
  readonly marshal: Marshal;
  readonly #prelude: Prelude;
  readonly #instance: QuickJsInstance;
  readonly #helpers = new Map<string, QuickJSHandle>();
  readonly #api: QuickJSHandle;
  #call: Call | undefined;
  #deadline = Infinity;
  #refusalsBefore = 0;
  /** What ended QuickJS below a host function, and with it the WebAssembly instance. */
  #failure: Error | undefined;
  /** Whether a deadline has passed in the current call. */
  timedOut = false;

  constructor(instance: QuickJsInstance, prelude: Prelude, purpose: Purpose) {
    this.#prelude = prelude;
    this.#instance = instance;
    this.context = instance.module.newContext();
    const helpers = { call: (name: string, ...args: readonly QuickJSHandle[]) => this.helper(name, ...args) };
    this.marshal = new Marshal(this.context, helpers);
    const { runtime } = this.context;
    runtime.setMaxStackSize(MAX_STACK_BYTES);
    runtime.setInterruptHandler(() => this.#mustStop());
    this.modules = new Modules(this.context, {
      helpers,
      explain: (thrown) => this.explain(thrown),
      warn: (about, line) => this.#call?.warnOf(about, line),
      evaluate: (run) => this.#evaluate(run),
    });
    this.#api = this.#install(prelude.sources[purpose]);
  }

  /** Takes up a call. */
  begin(call: Call): void {
    this.#call = call;
    this.timedOut = false;
    this.#refusalsBefore = this.#instance.memory.refusals;
    this.#instance.clock = () => call.time();
  }

  /** Whether the current call has reached its limit on memory. */
  get outOfMemory(): boolean {
    return this.#instance.memory.refusals > this.#refusalsBefore;
  }

  end(): void {
    this.#call = undefined;
    this.#instance.clock = () => 0;
  }

  /** Runs guest code under limits. Time is counted from now. @throws GuestException, TimedOut, Fault */
  limited<T>({ heapBytes, stackBytes, milliseconds }: Limits, run: () => T): T {
    const { runtime } = this.context;
    // A limit of 0 would be none.
    runtime.setMaxStackSize(Math.min(Math.max(stackBytes, 1), MAX_STACK_BYTES));
    this.#deadline = performance.now() + milliseconds;
    try {
      const result = this.#instance.memory.limited(Math.min(heapBytes, MAX_HEAP_BYTES), run);
      this.#throwIfStopped();
      return result;
    } catch (error) {
      if (this.#failure || !(error instanceof GuestException)) this.#throwIfStopped();
      throw error;
    } finally {
      this.#deadline = Infinity;
      runtime.setMaxStackSize(MAX_STACK_BYTES);
    }
  }

  /** @throws GuestException */
  invoke(f: QuickJSHandle, ...args: readonly QuickJSHandle[]): QuickJSHandle {
    const result = this.context.callFunction(f, this.context.undefined, [...args]);
    if (result.error) throw new GuestException(result.error);
    return result.value;
  }

  /** Calls a function of the prelude. @throws GuestException */
  helper(name: string, ...args: readonly QuickJSHandle[]): QuickJSHandle {
    let helper = this.#helpers.get(name);
    if (!helper) this.#helpers.set(name, (helper = this.context.getProp(this.#api, name)));
    return this.invoke(helper, ...args);
  }

  /** Prints an exception as CCF does, and disposes of it. The reason is empty where even that throws. */
  explain(thrown: QuickJSHandle): Thrown {
    const [deadline, timedOut] = [this.#deadline, this.timedOut];
    this.#deadline = performance.now() + EXPLAIN_MS;
    try {
      return this.#instance.memory.limited(undefined, () => this.helper("explain", thrown).consume((parts) => this.#thrownOf(parts)));
    } catch (error) {
      if (!(error instanceof GuestException)) throw error;
      error.thrown.dispose();
      return { reason: "" };
    } finally {
      thrown.dispose();
      this.#deadline = deadline;
      this.timedOut = timedOut;
    }
  }

  dispose(): void {
    this.end();
    this.modules.dispose();
    for (const handle of this.#helpers.values()) handle.dispose();
    this.#api.dispose();
    this.context.dispose();
  }

  #install(source: string): QuickJSHandle {
    const host = this.context.newFunction("host", (...handles) => this.#operate(handles));
    const prelude = this.context.unwrapResult(this.context.evalCode(source, PRELUDE_FILE, { type: "global" }));
    try {
      return this.invoke(prelude, host);
    } finally {
      prelude.dispose();
      host.dispose();
    }
  }

  /** Runs the evaluation of a module, at which guests use tables by accident only. */
  #evaluate<T>(run: () => T): T {
    this.#tell(true);
    const result = run();
    if (!this.#mustStop()) this.#tell(false); // one that must stop is not used again
    return result;
  }

  #tell(evaluating: boolean): void {
    if (this.#call) this.#call.evaluating = evaluating;
    this.helper("evaluating", this.marshal.result(evaluating)).dispose();
  }

  #operate([number, ...args]: readonly QuickJSHandle[]): QuickJSHandle | { error: QuickJSHandle } {
    try {
      const call = this.#call;
      const operation = number && this.#prelude.operations[this.marshal.number(number)];
      if (!call || !operation || call.fault !== undefined) throw new InternalError("No call is running");
      // QuickJS itself looks only every so many steps; a loop of slow operations has to end too.
      if (this.#mustStop()) throw new InternalError("interrupted");
      return this.marshal.result(operation(call, new Arguments(args, this.marshal), this.#compile));
    } catch (error) {
      return { error: this.#exceptionOf(error) };
    }
  }

  readonly #compile: Compile = (names, source) => {
    const { clock } = this.#instance;
    const began = performance.now();
    this.#instance.clock = () => 0; // it is not the guest who reads it now
    try {
      compileModules(this.#instance, names, source, this.#deadline);
    } finally {
      this.#instance.clock = clock;
      this.#deadline += performance.now() - began; // nor is the time its own, of which WebAssembly takes much more than CCF
    }
  };

  #exceptionOf(error: unknown): QuickJSHandle {
    if (error instanceof GuestException) return error.thrown;
    if (isEngineFailure(error)) this.#failure = error;
    if (error instanceof ReservedTableName && this.#call) this.#call.fault = error.message;
    return this.#instance.memory.limited(undefined, () => this.marshal.exception(error));
  }

  #thrownOf(parts: QuickJSHandle): Thrown {
    const reason = this.context.getProp(parts, 0).consume((part) => this.marshal.text(part));
    const trace = this.context.getProp(parts, 1).consume((part) => this.marshal.argument(part));
    return { reason, trace: typeof trace === "string" ? trace.replace(READING, "").replaceAll(PRELUDE_POSITION, PRELUDE_FILE) : undefined };
  }

  #throwIfStopped(): void {
    if (this.#failure) throw this.#failure;
    if (this.#call?.fault !== undefined) throw new Fault(this.#call.fault);
    if (this.timedOut) throw new TimedOut();
  }

  #mustStop(): boolean {
    if (this.#failure || this.#call?.fault !== undefined) return true;
    if (performance.now() < this.#deadline) return false;
    this.timedOut = true;
    return true;
  }
}
