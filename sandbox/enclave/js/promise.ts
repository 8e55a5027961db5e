import type { QuickJSHandle } from "quickjs-emscripten-core";
import type { Call } from "./call.js";
import type { Interpreter } from "./interpreter.js";
import { note } from "./outcome.js";

/** Warns of an endpoint that returned a promise: to CCF it is an object like any other. The handle stays the caller's. */
export function noticePromise(interpreter: Interpreter, call: Call, returned: QuickJSHandle): void {
  const state = interpreter.context.getPromiseState(returned);
  if (state.type === "fulfilled") {
    if (state.notAPromise) return;
    state.value.dispose();
  } else if (state.type === "rejected") note(call, interpreter.explain(state.error)); // CCF never learns of it
  call.warn("promise");
}
