/** The part of the WebAssembly API that the engine uses; Node's types have none of it. */
type WebAssemblyApi = {
  compile(bytes: Uint8Array): Promise<WasmModule>;
  readonly Instance: new (module: WasmModule, imports: WasmImports) => WasmInstance;
};

export type WasmModule = { readonly __brand: "WebAssembly.Module" };
export type WasmInstance = { readonly exports: unknown };
/** By module, then by name. */
export type WasmImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

export const webAssembly = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;
