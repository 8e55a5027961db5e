import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { webAssembly, type WasmModule } from "../enclave/js/webAssembly.js";

let kept: Promise<WasmModule> | undefined;

/**
 * Holds on to the machine code that V8 has made of the JavaScript engine for the enclave that runs now. V8 shares it between the threads of
 * a process, but forgets it with the last one that uses it: whoever starts one service after another would have it compiled each time.
 */
export function keepEngineCode(): Promise<WasmModule> {
  // The same bytes as the enclave's are all that it takes (see enclave/js/quickjs.ts).
  const path = createRequire(import.meta.url).resolve("@jitl/quickjs-wasmfile-release-sync/wasm");
  return (kept ??= readFile(path).then((bytes) => webAssembly.compile(bytes)));
}
