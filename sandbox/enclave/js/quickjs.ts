import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type EmscriptenModule,
  type QuickJSSyncVariant,
  type QuickJSWASMModule,
} from "quickjs-emscripten-core";
import releaseSync from "@jitl/quickjs-wasmfile-release-sync";
import { InternalError } from "./values.js";
import { memoryOf, patchImports } from "./wasmImports.js";
import { WasmMemory } from "./wasmMemory.js";
import { webAssembly, type WasmImports, type WasmInstance } from "./webAssembly.js";

/** A release of QuickJS compiled to WebAssembly: the loader, and the path of the binary that it would load. */
export type QuickJsBuild = { readonly variant: QuickJSSyncVariant; readonly wasmPath: string };

/** QuickJS 2024-02-14, the nearest to the 2024-01-13 of CCF 6. */
export const QUICKJS_2024: QuickJsBuild = {
  // Its types are those of a CommonJS module, which it is not when imported.
  variant: releaseSync as unknown as QuickJSSyncVariant,
  wasmPath: createRequire(import.meta.url).resolve("@jitl/quickjs-wasmfile-release-sync/wasm"),
};

/** Of the 5 MiB that the build gives to its stack; the rest is for the frames below the guest. */
export const MAX_STACK_BYTES = 4 * 1024 * 1024;

/** What 32-bit memory can hold beside everything else. */
export const MAX_HEAP_BYTES = 1024 * 1024 * 1024;

/** One instance of the WebAssembly module. Its guests see UTC and the time that `clock` tells. */
export type QuickJsInstance = {
  readonly module: QuickJSWASMModule;
  readonly memory: WasmMemory;
  /** Milliseconds since the epoch. */
  clock: () => number;
};

/** Emscripten's loader takes it, though its types do not say so: it would write "Aborted()", of which the exception tells too. */
const SILENT = { printErr: () => undefined };

/** Compiles the build once; each call of the result makes an instance. */
export async function quickJsInstances(build: QuickJsBuild): Promise<() => Promise<QuickJsInstance>> {
  const compiled = await webAssembly.compile(await readFile(build.wasmPath));
  return async () => {
    const parts: { emscripten?: EmscriptenModule; memory?: WasmMemory } = {};
    const instance = { clock: () => 0 };
    const variant = newVariant(build.variant, {
      emscriptenModule: {
        ...SILENT,
        instantiateWasm(this: EmscriptenModule, imports: WasmImports, ready: (instance: WasmInstance) => void) {
          parts.emscripten = this;
          parts.memory = new WasmMemory(memoryOf(imports));
          const wasm = new webAssembly.Instance(
            compiled,
            patchImports(imports, () => instance.clock()),
          );
          ready(wasm);
          return wasm.exports;
        },
      },
    });
    const module = await newQuickJSWASMModuleFromVariant(variant);
    const { emscripten, memory } = parts;
    if (!emscripten || !memory) throw new Error("this build of QuickJS does not let itself be instantiated by others");
    refuseNullPointers(emscripten);
    return Object.assign(instance, { module, memory });
  };
}

/** quickjs-emscripten writes to whatever `malloc` returns; at the end of memory that would be address 0. */
function refuseNullPointers(module: EmscriptenModule): void {
  module._free(module._malloc(1)); // Emscripten replaces its stub with the function of the instance at the first call
  const malloc = module._malloc.bind(module);
  module._malloc = (size) => {
    const pointer = malloc(size);
    if (pointer === 0) throw new InternalError("out of memory");
    return pointer;
  };
}
