import type { Arguments } from "../arguments.js";
import type { Call } from "../call.js";
import type { ModuleSource } from "../moduleLoader.js";
import type { GuestResult } from "../values.js";

/** Compiles the named modules, within the limits of the call. @throws Fault for the first that does not compile */
export type Compile = (names: readonly string[], source: ModuleSource) => void;

/** A host function as the guest side of a namespace calls it. A thrown Error becomes a guest exception of the same name and message. */
export type Operation = (call: Call, args: Arguments, compile: Compile) => GuestResult;

/** A part of the guest's global objects: what runs in the guest, and the host functions that it calls. */
export type Namespace = {
  readonly where: "everywhere" | "app" | "apply";
  /**
   * Body of a guest function that sees the kernel (see `kernel.ts`) and `OP`, the numbers of its operations for `host(OP.name, ...args)`.
   * No line comments: all guest source becomes one line, for then QuickJS shows its frames without line numbers, like native ones.
   */
  readonly guest: string;
  readonly operations: Readonly<Record<string, Operation>>;
};
