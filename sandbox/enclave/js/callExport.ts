import { Scope } from "quickjs-emscripten-core";
import type { Call } from "./call.js";
import { guestValue } from "./guestValue.js";
import type { GovernanceCall, GuestValue } from "./host.js";
import type { Interpreter } from "./interpreter.js";
import { evaluationLimitsOf, limitsOf } from "./limits.js";

/** Calls a function that the text of the constitution or of a ballot exports. @throws Fault, GuestException, TimedOut */
export function callExport(interpreter: Interpreter, call: Call, { source, moduleName, exportName, args }: GovernanceCall): GuestValue {
  const { marshal, modules } = interpreter;
  interpreter.begin(call);
  modules.useSource(() => undefined);
  const module = { name: moduleName, text: () => source, failure: () => `Failed to compile ${moduleName}` };
  const f = interpreter.limited(evaluationLimitsOf(call.options), () => modules.exported(module, exportName));
  return Scope.withScope((scope) => {
    const handles = args.map((arg) => scope.manage(typeof arg === "string" ? marshal.string(arg) : marshal.json(arg)));
    return interpreter.limited(limitsOf(call.options), () => guestValue(interpreter, scope.manage(interpreter.invoke(f, ...handles))));
  });
}
