import type { Namespace } from "./namespace.js";

/**
 * `Atomics`, which CCF's QuickJS has and its WebAssembly build has not.
 *
 * A guest is one thread, so that plain reads and writes are atomic; `wait` and `notify` behave as where no other agent exists.
 */
export const atomicsNamespace: Namespace = {
  where: "everywhere",
  operations: {},
  guest: `
    if (Atomics === undefined) {
      const integers = ["Int8Array", "Uint8Array", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "BigInt64Array", "BigUint64Array"];
      const at = (array, index) => {
        if (!isObject(array) || integers.indexOf(typedArrayName(array)) < 0) throw fail(TypeError, "integer TypedArray expected");
        const i = int64(index);
        if (i < 0 || i >= array.length) throw fail(RangeError, "out-of-bound access");
        return i;
      };
      const update = (next) => (array, index, value) => {
        const i = at(array, index), before = array[i];
        array[i] = next(before, typeof before === "bigint" ? BigInt(value) : int64(value));
        return before;
      };
      const functions = {
        add: update((a, b) => a + b), and: update((a, b) => a & b), compareExchange: (array, index, expected, value) => {
          const i = at(array, index), before = array[i], probe = new array.constructor([expected]);
          if (before === probe[0]) array[i] = value;
          return before;
        },
        exchange: update((a, b) => b), isLockFree: (size) => size === 1 || size === 2 || size === 4 || size === 8,
        load: (array, index) => array[at(array, index)], notify: (array, index) => { at(array, index); return 0; },
        or: update((a, b) => a | b), store: (array, index, value) => { const v = typeof value === "bigint" ? value : int64(value); array[at(array, index)] = v; return v; },
        sub: update((a, b) => a - b), wait: () => { throw fail(TypeError, "cannot block in this thread"); }, xor: update((a, b) => a ^ b),
      };
      const atomics = {};
      for (const name of keys(functions)) {
        const value = defineProperty(functions[name], "name", { value: name, configurable: true });
        defineProperty(atomics, name, { value, writable: true, configurable: true });
      }
      defineProperty(atomics, Symbol.toStringTag, { value: "Atomics", configurable: true });
      defineProperty(globalThis, "Atomics", { value: atomics, writable: true, configurable: true });
    }
  `,
};
