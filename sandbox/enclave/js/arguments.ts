import type { QuickJSHandle } from "quickjs-emscripten-core";
import type { Marshal } from "./marshal.js";
import type { GuestArgument } from "./values.js";

/** What a guest passed to a host function, copied out on demand. The caller knows the types: the guest side has checked them. */
export class Arguments {
  readonly #handles: readonly QuickJSHandle[];
  readonly #marshal: Marshal;

  constructor(handles: readonly QuickJSHandle[], marshal: Marshal) {
    this.#handles = handles;
    this.#marshal = marshal;
  }

  number(index: number): number {
    return this.#marshal.number(this.#at(index));
  }

  boolean(index: number): boolean {
    return this.number(index) === 1;
  }

  text(index: number): string {
    return this.#marshal.text(this.#at(index));
  }

  bytes(index: number): Uint8Array {
    return this.#marshal.bytes(this.#at(index));
  }

  /** Any value, and those after it. */
  from(index: number): GuestArgument[] {
    return this.#handles.slice(index).map((handle) => this.#marshal.argument(handle));
  }

  #at(index: number): QuickJSHandle {
    const handle = this.#handles[index];
    if (!handle) throw new TypeError(`argument ${index} is missing`);
    return handle;
  }
}
