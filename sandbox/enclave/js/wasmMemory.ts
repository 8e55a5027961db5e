const PAGE_BYTES = 64 * 1024;

/** The parts of `WebAssembly.Memory` that are used here. */
export type Memory = { readonly buffer: ArrayBuffer; grow(pages: number): number };

/**
 * The memory of one WebAssembly instance, with a ceiling.
 *
 * QuickJS's own limit is of no use here: built with Emscripten it does not learn the sizes of its blocks, and counts next to nothing.
 * Where the memory may not grow, `malloc` fails, and the guest gets QuickJS's "out of memory". What lies free below the ceiling can be
 * used before, so that a guest may have more than its limit, by as much as is free when its call begins.
 */
export class WasmMemory {
  readonly #memory: Memory;
  #ceiling = Infinity;
  #refusals = 0;

  constructor(memory: Memory) {
    this.#memory = memory;
    const grow = memory.grow.bind(memory);
    memory.grow = (pages) => {
      if (this.bytes + pages * PAGE_BYTES > this.#ceiling) {
        this.#refusals++;
        throw new RangeError("the guest has reached its limit");
      }
      return grow(pages);
    };
  }

  get bytes(): number {
    return this.#memory.buffer.byteLength;
  }

  /** How often the memory might not grow. */
  get refusals(): number {
    return this.#refusals;
  }

  /** Lets the memory grow by so many bytes while `run` runs; undefined for any number. */
  limited<T>(bytes: number | undefined, run: () => T): T {
    const before = this.#ceiling;
    this.#ceiling = bytes === undefined ? Infinity : this.bytes + bytes;
    try {
      return run();
    } finally {
      this.#ceiling = before;
    }
  }
}

export const isMemory = (value: unknown): value is Memory =>
  typeof value === "object" && value !== null && "grow" in value && "buffer" in value;
