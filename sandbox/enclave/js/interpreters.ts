import { Interpreter } from "./interpreter.js";
import type { Prelude, Purpose } from "./prelude.js";
import { quickJsInstances, type QuickJsBuild, type QuickJsInstance } from "./quickjs.js";

/** Used interpreters that wait for a quiet moment to be disposed of. */
const MAX_RETIRED = 4;

/** Fresh interpreters kept ready: a vote takes one for each ballot, one to resolve and one to apply. */
const SPARES: Readonly<Record<Purpose, number>> = { app: 1, other: 4, apply: 1 };

/** WebAssembly never gives memory back: an instance that has grown so large is replaced, a guest that ran out of memory or not. */
const MAX_INSTANCE_BYTES = { spoiled: 64 * 1024 * 1024, otherwise: 512 * 1024 * 1024 };

/** Promise jobs are never run and stay in their runtime; one that has been called so often with some left is replaced. */
const MAX_CALLS_WITH_JOBS = 100;

type Cached = { readonly interpreter: Interpreter; callsWithJobs: number };

/** What a cached interpreter depends on. */
export type ReusePolicy = {
  /** `interpreter_reuse.key` and the access. */
  readonly key: string;
  readonly capacity: number;
  /** Changes when cached interpreters must not be used any longer. */
  readonly marker: string;
};

/**
 * Interpreters for calls: a fresh one each, of which some are kept ready, or one that lives on under a key.
 *
 * A WebAssembly instance that has failed (it does when the thread's own stack ends before the guest's) takes its interpreters with it;
 * the next one is ready beforehand, since instances cannot be made synchronously.
 */
export class Interpreters {
  readonly #prelude: Prelude;
  readonly #instantiate: () => Promise<QuickJsInstance>;
  #instance: QuickJsInstance | undefined;
  #nextInstance: QuickJsInstance | undefined;
  readonly #spares: Record<Purpose, Interpreter[]> = { app: [], other: [], apply: [] };
  readonly #retired: Interpreter[] = [];
  /** Least recently used first. */
  readonly #cached = new Map<string, Cached>();
  #marker = "";
  #upkeep: NodeJS.Immediate | undefined;
  #disposed = false;

  static async create(build: QuickJsBuild, prelude: Prelude): Promise<Interpreters> {
    const instantiate = await quickJsInstances(build);
    return new Interpreters(prelude, instantiate, await instantiate(), await instantiate());
  }

  private constructor(prelude: Prelude, instantiate: () => Promise<QuickJsInstance>, instance: QuickJsInstance, next: QuickJsInstance) {
    this.#prelude = prelude;
    this.#instantiate = instantiate;
    this.#instance = instance;
    this.#nextInstance = next;
    this.#schedule();
  }

  /** @throws Error after two failures of instances in a row */
  fresh(purpose: Purpose): Interpreter {
    this.#schedule();
    const spare = this.#spares[purpose].pop();
    if (spare) return spare;
    if (!this.#instance) throw new Error("the JavaScript engine failed, and its replacement is not ready yet");
    return new Interpreter(this.#instance, this.#prelude, purpose);
  }

  /** The interpreter of a key, as its last call left it. */
  reused({ key, capacity, marker }: ReusePolicy): Interpreter {
    if (marker !== this.#marker) this.#forgetAll();
    this.#marker = marker;
    const cached = this.#cached.get(key) ?? { interpreter: this.fresh("app"), callsWithJobs: 0 };
    this.#cached.delete(key);
    if (capacity > 0) this.#cached.set(key, cached);
    for (const oldest of this.#cached.keys()) {
      if (this.#cached.size <= capacity) break;
      this.#forget(oldest);
    }
    return cached.interpreter;
  }

  /** Takes an interpreter back after its call. One that is `spoiled` serves no other. */
  release(interpreter: Interpreter, spoiled: boolean): void {
    interpreter.end();
    const most = spoiled ? MAX_INSTANCE_BYTES.spoiled : MAX_INSTANCE_BYTES.otherwise;
    if (this.#nextInstance && this.#instance && this.#instance.memory.bytes > most) {
      this.abandonInstance();
      return;
    }
    for (const [key, cached] of this.#cached) {
      if (cached.interpreter !== interpreter) continue;
      if (interpreter.context.runtime.hasPendingJob()) cached.callsWithJobs++;
      if (spoiled || cached.callsWithJobs > MAX_CALLS_WITH_JOBS) this.#forget(key);
      return;
    }
    this.#retire(interpreter);
  }

  /** Gives up the WebAssembly instance, and with it the memory of all its interpreters. */
  abandonInstance(): void {
    this.#instance = this.#nextInstance;
    this.#nextInstance = undefined;
    for (const spares of Object.values(this.#spares)) spares.length = 0;
    this.#cached.clear();
    this.#retired.length = 0;
    void this.#instantiate().then((instance) => {
      if (this.#instance) this.#nextInstance = instance;
      else this.#instance = instance;
    });
  }

  dispose(): void {
    this.#disposed = true;
    if (this.#upkeep) clearImmediate(this.#upkeep);
    this.#forgetAll();
    for (const spares of Object.values(this.#spares)) this.#retired.push(...spares.splice(0));
    this.#disposeRetired(0);
  }

  #forgetAll(): void {
    for (const key of [...this.#cached.keys()]) this.#forget(key);
  }

  #forget(key: string): void {
    const cached = this.#cached.get(key);
    this.#cached.delete(key);
    if (cached) this.#retire(cached.interpreter);
  }

  #retire(interpreter: Interpreter): void {
    this.#retired.push(interpreter);
    this.#disposeRetired(MAX_RETIRED);
    this.#schedule();
  }

  /** Disposal and spares wait until the answer of the call is on its way, and let other work go between. */
  #schedule(): void {
    if (this.#upkeep || this.#disposed) return;
    this.#upkeep = setImmediate(() => {
      this.#upkeep = undefined;
      this.#disposeRetired(0);
      this.#addSpare();
    }); // referenced: an immediate that is not does not wake a thread that waits for messages
  }

  #addSpare(): void {
    const purpose = (["other", "app", "apply"] as const).find((kind) => this.#spares[kind].length < SPARES[kind]);
    if (!this.#instance || !purpose) return;
    this.#spares[purpose].push(new Interpreter(this.#instance, this.#prelude, purpose));
    this.#schedule();
  }

  /** Disposes of the oldest until `keep` are left. QuickJS aborts when a guest that ran out of memory has left it inconsistent. */
  #disposeRetired(keep: number): void {
    try {
      while (this.#retired.length > keep) this.#retired.shift()?.dispose();
    } catch {
      this.abandonInstance();
    }
  }
}
