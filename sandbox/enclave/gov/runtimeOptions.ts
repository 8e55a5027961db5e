import { DEFAULT_RUNTIME_OPTIONS as DEFAULTS, type RuntimeOptions } from "../js/host.js";
import type { Transaction } from "../kv/transaction.js";
import { tables } from "./tables.js";

/** Limits for endpoints: what governance set, and CCF's defaults for what it did not. A value of the wrong type counts as not set. */
export function applicationOptions(tx: Transaction): RuntimeOptions {
  const set = tables(tx).runtimeOptions.get();
  if (!set) return DEFAULTS;
  const number = (value: unknown, otherwise: number): number => (typeof value === "number" ? value : otherwise);
  return {
    maxHeapBytes: number(set.max_heap_bytes, DEFAULTS.maxHeapBytes),
    maxStackBytes: number(set.max_stack_bytes, DEFAULTS.maxStackBytes),
    maxExecutionTimeMs: number(set.max_execution_time_ms, DEFAULTS.maxExecutionTimeMs),
    logExceptionDetails: set.log_exception_details === true,
    returnExceptionDetails: set.return_exception_details === true,
    maxCachedInterpreters: number(set.max_cached_interpreters, DEFAULTS.maxCachedInterpreters),
  };
}

/** Limits for the constitution and for ballots: the larger of those and CCF's default, so that no proposal can lock governance out. */
export function governanceOptions(tx: Transaction): RuntimeOptions {
  const set = applicationOptions(tx);
  return {
    ...set,
    maxHeapBytes: Math.max(set.maxHeapBytes, DEFAULTS.maxHeapBytes),
    maxStackBytes: Math.max(set.maxStackBytes, DEFAULTS.maxStackBytes),
    maxExecutionTimeMs: Math.max(set.maxExecutionTimeMs, DEFAULTS.maxExecutionTimeMs),
  };
}
