import type { ReadableTable, Table } from "../../kv/table.js";
import type { Arguments } from "../arguments.js";
import type { Call } from "../call.js";
import { requireAccess } from "./kvAccess.js";
import { nextRows, openRows } from "./kvRows.js";
import type { Namespace } from "./namespace.js";

/** The table that the first two arguments name, a scope (see `Call.states`) and a name, if the method may be called on it. */
function readable(call: Call, args: Arguments, method: string): ReadableTable {
  const [scope, name] = [args.number(0), args.text(1)];
  requireAccess(call, scope, name, method);
  call.onRead?.(name);
  return scope === 0 ? call.table(name) : call.pastTable(scope, name);
}

function writable(call: Call, args: Arguments, method: string): Table {
  const name = args.text(1);
  requireAccess(call, args.number(0), name, method);
  return call.table(name);
}

/** `ccf.kv` and the tables of past states: every operation is one call of the host, which alone decides what is allowed. */
export const kvNamespace: Namespace = {
  where: "everywhere",
  operations: {
    /** Refuses a method (third argument) as the method itself would; a reserved table name ends the call. */
    check: (call, args) => {
      requireAccess(call, args.number(0), args.text(1), args.text(2));
      return undefined;
    },
    has: (call, args) => readable(call, args, "has").has(args.bytes(2)),
    get: (call, args) => readable(call, args, "get").get(args.bytes(2)),
    version: (call, args) => readable(call, args, "getVersionOfPreviousWrite").versionOfPreviousWrite(args.bytes(2)),
    size: (call, args) => readable(call, args, "size").size,
    rows: (call, args) => openRows(call, readable(call, args, "forEach")),
    next: (call, args) => nextRows(call, args.number(0)),
    set: (call, args) => {
      writable(call, args, "set").set(args.bytes(2), args.bytes(3));
      return undefined;
    },
    delete: (call, args) => {
      writable(call, args, "delete").delete(args.bytes(2));
      return undefined;
    },
    clear: (call, args) => {
      writable(call, args, "clear").clear();
      return undefined;
    },
  },
  guest: `
    let evaluating = false;
    api.evaluating = (on) => { evaluating = on; };
    const methodsOf = (scope) => {
      const wrong = (map, name, given, count, message) => {
        try { host(OP.check, scope, map._map_name, name); } catch (denied) { delete denied.stack; return denied; }
        return given === count ? fail(TypeError, message) : wrongCount(given, count);
      };
      const one = "Argument must be an ArrayBuffer";
      return {
        has(key) {
          if (arguments.length !== 1 || !isBuffer(key)) throw wrong(this, "has", arguments.length, 1, one);
          return host(OP.has, scope, this._map_name, key);
        },
        get(key) {
          if (arguments.length !== 1 || !isBuffer(key)) throw wrong(this, "get", arguments.length, 1, one);
          return host(OP.get, scope, this._map_name, key);
        },
        forEach(visit) {
          if (arguments.length !== 1 || typeof visit !== "function") throw wrong(this, "forEach", arguments.length, 1, "Argument must be a function");
          const cursor = host(OP.rows, scope, this._map_name);
          for (let rows = host(OP.next, cursor); rows !== undefined; rows = host(OP.next, cursor)) {
            const count = new Uint32Array(rows, 0, 1)[0], lengths = new Uint32Array(rows, 4, 2 * count);
            let at = 4 + 8 * count;
            for (let i = 0; i < count; i++) {
              const key = slice(rows, at, at + lengths[2 * i]);
              at += lengths[2 * i];
              const value = slice(rows, at, at + lengths[2 * i + 1]);
              at += lengths[2 * i + 1];
              visit(value, key, this);
            }
          }
        },
        getVersionOfPreviousWrite(key) {
          if (arguments.length !== 1 || !isBuffer(key)) throw wrong(this, "getVersionOfPreviousWrite", arguments.length, 1, one);
          return host(OP.version, scope, this._map_name, key);
        },
        set(key, value) {
          if (arguments.length !== 2 || !isBuffer(key) || !isBuffer(value)) {
            throw wrong(this, "set", arguments.length, 2, "Arguments must be ArrayBuffers");
          }
          host(OP.set, scope, this._map_name, key, value);
          return this;
        },
        delete(key) {
          if (arguments.length !== 1 || !isBuffer(key)) throw wrong(this, "delete", arguments.length, 1, one);
          host(OP.delete, scope, this._map_name, key);
        },
        clear() {
          if (arguments.length !== 0) throw wrong(this, "clear", arguments.length, 0, "");
          host(OP.clear, scope, this._map_name);
        },
        size() { return host(OP.size, scope, this._map_name); },
      };
    };
    api.kvOf = (scope) => {
      const { has, get, forEach, getVersionOfPreviousWrite, set, delete: remove, clear, size } = methodsOf(scope);
      const sizeProperty = { get: size, configurable: true };
      const tables = {
        get(target, property) {
          const name = typeof property === "symbol" ? "" + property.description : property;
          if (evaluating || startsWith(name, "ccf.") || startsWith(name, "public:ccf.")) host(OP.check, scope, name, "");
          const map = { __proto__: null, _map_name: name, has, get, forEach, getVersionOfPreviousWrite, set, delete: remove, clear };
          return defineProperty(map, "size", sizeProperty);
        },
        set(target, name) { throw fail(TypeError, "'" + (typeof name === "symbol" ? name.description : name) + "' is read-only"); },
      };
      return new Proxy({ __proto__: null }, tables);
    };
    ccf.kv = api.kvOf(0);
  `,
};
