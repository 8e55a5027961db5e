import { isMemory, type Memory } from "./wasmMemory.js";
import type { WasmImports } from "./webAssembly.js";

type Import = (...args: never[]) => unknown;

/**
 * Replaces what would show guests the host's clock and time zone.
 *
 * Names of imports are minified, so that the functions are known by what their text calls; a build that has none of them is refused.
 */
export function patchImports(imports: WasmImports, clock: () => number): WasmImports {
  const memory = memoryOf(imports);
  const missing = new Set<string>(["clock", "local time", "time zone"]);
  const patched: Record<string, Record<string, unknown>> = {};
  for (const [namespace, entries] of Object.entries(imports)) {
    const copy = (patched[namespace] = { ...entries });
    for (const [name, value] of Object.entries(entries)) {
      const role = typeof value === "function" ? roleOf(value as Import) : undefined;
      if (!role) continue;
      missing.delete(role);
      copy[name] = role === "clock" ? clock : role === "local time" ? universalTime(memory) : universalZone(memory);
    }
  }
  if (missing.size > 0) throw new Error(`this build of QuickJS has no import for: ${[...missing].join(", ")}`);
  return patched;
}

/** The memory that the instance imports. */
export function memoryOf(imports: WasmImports): Memory {
  const memory = Object.values(imports)
    .flatMap((entries) => Object.values(entries))
    .find(isMemory);
  if (!memory) throw new Error("this build of QuickJS does not import its memory");
  return memory;
}

function roleOf(value: Import): "clock" | "local time" | "time zone" | undefined {
  const text = Function.prototype.toString.call(value);
  if (text.includes("getTimezoneOffset")) return text.includes("getSeconds") ? "local time" : "time zone";
  return text.length < 40 && text.includes("Date.now") ? "clock" : undefined;
}

/** `localtime_r` in UTC. The time, in seconds, comes as one bigint or as the two halves of it; the result is a C `struct tm`. */
const universalTime =
  (memory: Memory) =>
  (...args: readonly (number | bigint)[]): void => {
    const pointer = Number(args.at(-1));
    const seconds = args.length === 2 ? Number(args[0]) : Number(args[1]) * 2 ** 32 + (Number(args[0]) >>> 0);
    const date = new Date(seconds * 1000);
    const year = date.getUTCFullYear();
    const dayOfYear = (Date.UTC(year, date.getUTCMonth(), date.getUTCDate()) - Date.UTC(year, 0, 1)) / 86_400_000;
    const fields = [
      date.getUTCSeconds(),
      date.getUTCMinutes(),
      date.getUTCHours(),
      date.getUTCDate(),
      date.getUTCMonth(),
      year - 1900,
      date.getUTCDay(),
      dayOfYear,
      0, // daylight saving
      0, // offset from UTC
    ];
    new Int32Array(memory.buffer, pointer, fields.length).set(fields);
  };

const UTC = [0x55, 0x54, 0x43, 0];

/** `tzset` for UTC: offset, "has daylight saving", and the two names of the zone. */
const universalZone =
  (memory: Memory) =>
  (offset: number, daylight: number, ...names: number[]): void => {
    for (const pointer of [offset, daylight]) new Int32Array(memory.buffer, pointer, 1).set([0]);
    for (const pointer of names) new Uint8Array(memory.buffer, pointer, 4).set(UTC);
  };
