import { Scope, type QuickJSHandle } from "quickjs-emscripten-core";
import type { Call } from "./call.js";
import { Fault } from "./failures.js";
import type { EndpointResult } from "./host.js";
import type { Interpreter } from "./interpreter.js";

/** Converts what an endpoint returned; the handle stays the caller's. @throws Fault in CCF's words, GuestException */
export function endpointResult(interpreter: Interpreter, call: Call, returned: QuickJSHandle): EndpointResult {
  return Scope.withScope((scope) => {
    const problem = scope.manage(interpreter.helper("respond", returned));
    if (interpreter.context.typeof(problem) === "undefined") return call.response.result();

    const what = interpreter.marshal.text(scope.manage(interpreter.context.getProp(problem, 0)));
    const hasThrown = interpreter.marshal.argument(scope.manage(interpreter.context.getProp(problem, 1))) === true;
    const exception = hasThrown ? interpreter.explain(interpreter.context.getProp(problem, 2)) : undefined;
    // CCF 6 leaves out the full stop where it gives details.
    const stop = what.includes("JSON") && call.options.returnExceptionDetails ? "" : ".";
    throw new Fault(`Invalid endpoint function return value (${what})${stop}`, exception);
  });
}
