/**
 * What all namespaces are written on, evaluated first in every context; it holds on to the intrinsics before a guest can change them.
 *
 * `api` collects the functions that the host calls. `cut` does to messages what CCF does by throwing through functions of QuickJS that
 * print into 256 bytes; what is left of a character becomes U+FFFD.
 */
export const kernel = `
  const { ArrayBuffer, Atomics, Error, EvalError, InternalError, Promise, Proxy, RangeError, ReferenceError, SyntaxError, TypeError } = globalThis;
  const { Uint8Array, Uint32Array, URIError } = globalThis;
  const { isArray } = Array;
  const { keys, defineProperty } = Object;
  const { has } = Reflect;
  const { trunc } = Math;
  const { isInteger } = Number;
  const { isFinite } = globalThis;
  const { parse, stringify: toJson } = JSON;
  const method = Function.prototype.call.bind(Function.prototype.bind, Function.prototype.call);
  const getter = (prototype, name) => method(Object.getOwnPropertyDescriptor(prototype, name).get);
  const TypedArray = Object.getPrototypeOf(Uint8Array).prototype;
  const byteLength = getter(ArrayBuffer.prototype, "byteLength");
  const slice = method(ArrayBuffer.prototype.slice);
  const typedArrayName = getter(TypedArray, Symbol.toStringTag);
  const viewBuffer = getter(TypedArray, "buffer");
  const viewOffset = getter(TypedArray, "byteOffset");
  const viewLength = getter(TypedArray, "byteLength");
  const charCodeAt = method(String.prototype.charCodeAt);
  const indexOf = method(String.prototype.indexOf);
  const substring = method(String.prototype.substring);
  const isWellFormed = method(String.prototype.isWellFormed);
  const startsWith = method(String.prototype.startsWith);

  const api = {};
  const ccf = globalThis.ccf = {};

  const isObject = (value) => (typeof value === "object" && value !== null) || typeof value === "function";
  const tagOf = method(Object.prototype.toString);
  const isError = (value) => isObject(value) && tagOf(value) === "[object Error]";
  const isBuffer = (value) => {
    if (typeof value !== "object" || value === null) return false;
    try { byteLength(value); return true; } catch { return false; }
  };

  const classes = { __proto__: null, Error, EvalError, InternalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
  const cut = (message) => {
    for (let i = 0, bytes = 0; i < message.length; ) {
      const unit = charCodeAt(message, i), pair = unit >= 0xd800 && unit < 0xdc00;
      const width = unit < 0x80 ? 1 : unit < 0x800 ? 2 : pair ? 4 : 3;
      if (bytes + width > 255) return substring(message, 0, i) + (bytes < 255 ? "\ufffd" : "");
      bytes += width;
      i += pair ? 2 : 1;
    }
    return message;
  };
  const fail = (Class, message) => { const error = new Class(cut(message)); delete error.stack; return error; };
  const wrongCount = (given, expected, comma = ",") => fail(TypeError, "Passed " + given + " arguments" + comma + " but expected " + expected);
  api.fail = (name, message) => {
    const known = name in classes;
    const error = fail(known ? classes[name] : Error, message);
    if (!known) defineProperty(error, "name", { value: name, writable: true, configurable: true });
    return error;
  };

  const int64 = (value) => { const number = +value; return number === number ? trunc(number) : 0; };
  const withLength = (f, length) => defineProperty(f, "length", { value: length, configurable: true });

  const wording = { __proto__: null,
    "Unexpected end of JSON input": "unexpected end of input",
    "Do not know how to serialize a BigInt": "bigint are forbidden in JSON.stringify" };
  const stringify = (value) => {
    try { return toJson(value); }
    catch (error) {
      if (error instanceof TypeError && error.message in wording) error.message = wording[error.message];
      throw error;
    }
  };
  const parseAs = (text, file) => {
    try { return parse(text); }
    catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      const frames = "" + error.stack, position = substring(frames, indexOf(frames, "<input>") + 7, indexOf(frames, "\\n") + 1);
      const caller = indexOf(frames, "    at", indexOf(frames, "parseAs"));
      error.stack = "    at " + file + position + (caller < 0 ? "" : substring(frames, caller));
      if (error.message in wording) error.message = wording[error.message];
      throw error;
    }
  };

  api.parse = parse;
  api.flatten = (value) => {
    const buffers = [];
    const node = (item, depth) => {
      const type = typeof item;
      if (item === null || type === "string" || type === "boolean") return item;
      if (type === "number") return isFinite(item) ? item : ["n", "" + item];
      if (type === "undefined") return ["u"];
      if (type === "bigint") return ["i", "" + item];
      if (isBuffer(item)) { buffers.push(item); return ["b", buffers.length - 1]; }
      if (type !== "object" || depth > 16 || ArrayBuffer.isView(item) || item instanceof Promise) return ["x", type];
      const list = [];
      if (isArray(item)) { for (let i = 0; i < item.length; i++) list.push(node(item[i], depth + 1)); return ["a", list]; }
      for (const name of keys(item)) list.push(name, node(item[name], depth + 1));
      return ["o", list];
    };
    const text = toJson(node(value, 0));
    return [text, buffers.length, ...buffers];
  };
  api.revive = (text, ...buffers) => {
    const value = (node) => {
      if (!isArray(node)) return node;
      const [tag, content] = node;
      if (tag === "b") return buffers[content];
      if (tag === "a") return content.map(value);
      if (tag !== "o") return undefined;
      const object = {};
      for (let i = 0; i < content.length; i += 2) {
        defineProperty(object, content[i], { value: value(content[i + 1]), writable: true, enumerable: true, configurable: true });
      }
      return object;
    };
    return value(parse(text));
  };

  api.exported = (namespace, name) => {
    const exports = namespace();
    if (!has(exports, name)) return 0;
    try { const value = exports[name]; return typeof value === "function" ? value : 1; } catch { return 1; }
  };
  api.describe = (value) => {
    const type = value === null ? "null" : typeof value;
    if (!isObject(value)) return [type, type === "symbol" ? "" : "" + value];
    try { return [type, "", toJson(value)]; } catch { return [type, ""]; }
  };
  api.explain = (thrown) => {
    const reason = "" + (isObject(thrown) && !isError(thrown) ? toJson(thrown) : thrown);
    const start = indexOf(reason, ": ") + 2, message = substring(reason, start);
    return [isError(thrown) && message in wording ? substring(reason, 0, start) + wording[message] : reason, isError(thrown) && thrown.stack !== undefined ? "" + thrown.stack : undefined];
  };
`;
