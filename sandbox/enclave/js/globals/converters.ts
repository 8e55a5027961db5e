import type { Namespace } from "./namespace.js";
import { certificateId } from "./certificateId.js";
import { decodeUtf8 } from "./utf8.js";

const utf8 = new TextEncoder();

/** Functions of `ccf` itself: between text, JSON and ArrayBuffers, the clock, and the id of a certificate. */
export const convertersNamespace: Namespace = {
  where: "everywhere",
  operations: {
    encode: (_call, args) => utf8.encode(args.text(0)),
    decode: (_call, args) => decodeUtf8(args.bytes(0)),
    pemToId: (_call, args) => certificateId(args.text(0)),
    untrustedTime: (call, args) => {
      const before = call.untrustedTime;
      call.untrustedTime = args.boolean(0);
      return before;
    },
    metricsLogging: (call, args) => {
      const before = call.metricsLogging;
      call.metricsLogging = args.boolean(0);
      return before;
    },
  },
  guest: `
    const isPlain = (text) => isWellFormed(text) && charCodeAt(text, 0) !== 0xfeff;
    const untilNul = (text) => { const at = indexOf(text, "\\0"); return at < 0 ? text : substring(text, 0, at); };
    const encode = (whole) => {
      const text = untilNul(whole);
      if (isPlain(text)) return host(OP.encode, text);
      const bytes = [];
      for (let i = 0; i < text.length; i++) {
        let c = charCodeAt(text, i);
        const low = c >= 0xd800 && c < 0xdc00 ? charCodeAt(text, i + 1) : 0;
        if (low >= 0xdc00 && low < 0xe000) { c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00); i++; }
        if (c < 0x80) bytes.push(c);
        else if (c < 0x800) bytes.push(0xc0 | (c >> 6), 0x80 | (c & 63));
        else if (c < 0x10000) bytes.push(0xe0 | (c >> 12), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
        else bytes.push(0xf0 | (c >> 18), 0x80 | ((c >> 12) & 63), 0x80 | ((c >> 6) & 63), 0x80 | (c & 63));
      }
      return viewBuffer(new Uint8Array(bytes));
    };
    api.passable = (text) => { const cut = untilNul(text); return isPlain(cut) ? cut : encode(cut); };
    const flag = (op, given, value) => {
      if (given !== 1) return wrongCount(given, 1);
      return typeof value === "boolean" ? host(op, value) : fail(TypeError, "First argument must be a boolean");
    };
    ccf.strToBuf = ({ strToBuf(text) {
      if (arguments.length !== 1) throw wrongCount(arguments.length, 1);
      if (typeof text !== "string") throw fail(TypeError, "Argument must be a string");
      return encode(text);
    } }).strToBuf;
    ccf.bufToStr = ({ bufToStr(buffer) {
      if (arguments.length !== 1) throw wrongCount(arguments.length, 1);
      if (!isBuffer(buffer)) throw fail(TypeError, "Argument must be an ArrayBuffer");
      return host(OP.decode, buffer);
    } }).bufToStr;
    ccf.jsonCompatibleToBuf = ({ jsonCompatibleToBuf(value) {
      if (arguments.length !== 1) throw wrongCount(arguments.length, 1);
      const text = stringify(value);
      if (typeof text !== "string") throw fail(TypeError, "Argument must be a string");
      return encode(text);
    } }).jsonCompatibleToBuf;
    ccf.bufToJsonCompatible = ({ bufToJsonCompatible(buffer) {
      if (arguments.length !== 1) throw wrongCount(arguments.length, 1);
      if (!isBuffer(buffer)) throw fail(TypeError, "Argument must be an ArrayBuffer");
      return parseAs(host(OP.decode, buffer), "<json>");
    } }).bufToJsonCompatible;
    ccf.enableUntrustedDateTime = ({ enableUntrustedDateTime(on) {
      const before = flag(OP.untrustedTime, arguments.length, on);
      if (typeof before !== "boolean") throw before;
      return before;
    } }).enableUntrustedDateTime;
    ccf.enableMetricsLogging = ({ enableMetricsLogging(on) {
      const before = flag(OP.metricsLogging, arguments.length, on);
      if (typeof before !== "boolean") throw before;
      return before;
    } }).enableMetricsLogging;
    ccf.pemToId = ({ pemToId(pem) {
      if (arguments.length !== 1) throw wrongCount(arguments.length, 1);
      return host(OP.pemToId, \`\${pem}\`);
    } }).pemToId;
  `,
};
