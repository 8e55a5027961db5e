import { performance } from "node:perf_hooks";
import { ModuleLoader, type ModuleSource } from "./moduleLoader.js";
import type { QuickJsInstance } from "./quickjs.js";

/** Enough for any text that people write, and certainly left below a guest that calls for the compilation. */
const STACK_BYTES = 256 * 1024;

/**
 * Compiles modules and what they import, without running any, in an interpreter of their own.
 *
 * @param deadline as of `performance.now()`
 * @throws Fault for the first that fails, in CCF's words
 */
export function compileModules({ module }: QuickJsInstance, names: readonly string[], source: ModuleSource, deadline: number): void {
  const context = module.newContext();
  try {
    context.runtime.setMaxStackSize(STACK_BYTES);
    context.runtime.setInterruptHandler(() => performance.now() >= deadline);
    const loader = new ModuleLoader(context, (thrown) => thrown.consume((error) => context.getString(error)));
    loader.useSource(source);
    for (const name of names) {
      loader.compile({ name, text: source(name) ?? "", failure: (reason) => `Failed to compile module '${name}': ${reason}` });
    }
  } finally {
    context.dispose();
  }
}
