import { DEFAULT_RUNTIME_OPTIONS, type RuntimeOptions } from "./host.js";

export type Limits = { readonly heapBytes: number; readonly stackBytes: number; readonly milliseconds: number };

/** Limits of a call. */
export const limitsOf = ({ maxHeapBytes, maxStackBytes, maxExecutionTimeMs }: RuntimeOptions): Limits => ({
  heapBytes: maxHeapBytes,
  stackBytes: maxStackBytes,
  milliseconds: maxExecutionTimeMs,
});

/** Limits while modules are evaluated. CCF has none then; memory and stack may exceed a tight option, but nothing runs for ever. */
export const evaluationLimitsOf = ({ maxHeapBytes, maxStackBytes, maxExecutionTimeMs }: RuntimeOptions): Limits => ({
  heapBytes: Math.max(maxHeapBytes, DEFAULT_RUNTIME_OPTIONS.maxHeapBytes),
  stackBytes: Math.max(maxStackBytes, DEFAULT_RUNTIME_OPTIONS.maxStackBytes),
  milliseconds: maxExecutionTimeMs,
});
