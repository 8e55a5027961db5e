import type { QuickJSContext, QuickJSHandle } from "quickjs-emscripten-core";
import { OpaqueValue, type GuestArgument, type GuestResult } from "./values.js";

/** Functions of the prelude that see every guest value as it is; `call` throws `GuestException`. */
export type GuestHelpers = { call(name: string, ...args: readonly QuickJSHandle[]): QuickJSHandle };

/** C strings end at a NUL, and UTF-8 has no lone surrogates. */
const NEEDS_ESCAPES = /[\0\p{Surrogate}]/u;

/** Moves values between one guest and its host functions, by copy. Handles that it returns are the caller's to dispose of. */
export class Marshal {
  constructor(
    private readonly context: QuickJSContext,
    private readonly helpers: GuestHelpers,
  ) {}

  number(handle: QuickJSHandle): number {
    return this.context.getNumber(handle);
  }

  /** A string up to its first NUL, as CCF's C strings end there. */
  text(handle: QuickJSHandle): string {
    return this.context.getString(handle);
  }

  /** The content of what is known to be an ArrayBuffer. */
  bytes(handle: QuickJSHandle): Uint8Array {
    const view = this.context.getArrayBuffer(handle);
    const copy = new Uint8Array(view.value);
    view.dispose();
    return copy;
  }

  argument(handle: QuickJSHandle): GuestArgument {
    const type = this.context.typeof(handle);
    if (type === "string") return this.text(handle);
    if (type === "number") return this.number(handle);
    if (type === "undefined") return undefined;
    if (type === "boolean") return this.number(handle) === 1;
    return this.#unflatten(handle);
  }

  string(text: string): QuickJSHandle {
    return NEEDS_ESCAPES.test(text) ? this.json(text) : this.context.newString(text);
  }

  buffer(bytes: Uint8Array): QuickJSHandle {
    // The library takes whole ArrayBuffers; a Buffer's `slice` would not copy.
    const exact = bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : new Uint8Array(bytes).buffer;
    return this.context.newArrayBuffer(exact);
  }

  /** A copy of a value that JSON can hold. */
  json(value: unknown): QuickJSHandle {
    return this.context.newString(JSON.stringify(value)).consume((text) => this.helpers.call("parse", text));
  }

  result(value: GuestResult): QuickJSHandle {
    if (value === undefined) return this.context.undefined;
    if (value === null) return this.context.null;
    if (typeof value === "boolean") return value ? this.context.true : this.context.false;
    if (typeof value === "number") return this.context.newNumber(value);
    if (typeof value === "string") return this.string(value);
    if (value instanceof Uint8Array) return this.buffer(value);
    if (!holdsBytes(value)) return this.json(value);
    const buffers: QuickJSHandle[] = [];
    const node = this.context.newString(JSON.stringify(this.#flatten(value, buffers)));
    try {
      return this.helpers.call("revive", node, ...buffers);
    } finally {
      for (const handle of [node, ...buffers]) handle.dispose();
    }
  }

  /** The guest's own exception for a host error: an object of the class that the error's name says. */
  exception(error: unknown): QuickJSHandle {
    const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
    const [nameHandle, messageHandle] = [this.string(name), this.string(message)];
    try {
      return this.helpers.call("fail", nameHandle, messageHandle);
    } finally {
      nameHandle.dispose();
      messageHandle.dispose();
    }
  }

  /*
   * Structured values travel as JSON in which every primitive stands for itself and everything else is [tag, content]:
   * ["b", n] the nth buffer, ["a", nodes], ["o", [name, node, ...]], ["u"], ["n", number as text], ["i", bigint as text], ["x", typeof].
   */

  #flatten(value: GuestResult, buffers: QuickJSHandle[]): unknown {
    if (value === undefined) return ["u"];
    if (value === null || typeof value !== "object") return value;
    if (value instanceof Uint8Array) return ["b", buffers.push(this.buffer(value)) - 1];
    if (isList(value)) return ["a", value.map((item) => this.#flatten(item, buffers))];
    return ["o", Object.entries(value).flatMap(([name, item]) => [name, this.#flatten(item, buffers)])];
  }

  #unflatten(handle: QuickJSHandle): GuestArgument {
    const flat = this.helpers.call("flatten", handle);
    const buffers: Uint8Array[] = [];
    try {
      const node = this.context.getProp(flat, 0).consume((text) => JSON.parse(this.text(text)) as unknown);
      const count = this.context.getProp(flat, 1).consume((length) => this.number(length));
      for (let i = 0; i < count; i++) buffers.push(this.context.getProp(flat, i + 2).consume((buffer) => this.bytes(buffer)));
      return argumentOf(node, buffers);
    } finally {
      flat.dispose();
    }
  }
}

function argumentOf(node: unknown, buffers: readonly Uint8Array[]): GuestArgument {
  if (node === null || typeof node === "string" || typeof node === "number" || typeof node === "boolean") return node;
  const [tag, content] = node as readonly [string, unknown];
  if (tag === "u") return undefined;
  if (tag === "n") return Number(content);
  if (tag === "i") return BigInt(content as string);
  if (tag === "b") return buffers[content as number];
  if (tag === "a") return (content as unknown[]).map((item) => argumentOf(item, buffers));
  if (tag !== "o") return new OpaqueValue(content as string);
  const entries = content as readonly unknown[];
  const object: Record<string, GuestArgument> = {};
  for (let i = 0; i < entries.length; i += 2) {
    const value = argumentOf(entries[i + 1], buffers);
    Object.defineProperty(object, entries[i] as string, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

function holdsBytes(value: GuestResult): boolean {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof Uint8Array || Object.values(value).some(holdsBytes);
}

// Array.isArray does not narrow readonly arrays.
function isList(value: object): value is readonly GuestResult[] {
  return Array.isArray(value);
}
