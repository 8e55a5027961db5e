import { Scope, type QuickJSHandle } from "quickjs-emscripten-core";
import type { GuestValue } from "./host.js";
import type { Interpreter } from "./interpreter.js";

/** Takes a value out of a guest; the handle stays the caller's. @throws GuestException */
export function guestValue(interpreter: Interpreter, value: QuickJSHandle): GuestValue {
  const { context, marshal } = interpreter;
  return Scope.withScope((scope) => {
    const parts = scope.manage(interpreter.helper("describe", value));
    const part = (index: number): unknown => marshal.argument(scope.manage(context.getProp(parts, index)));
    const [type, text, json] = [part(0) as string, part(1) as string, part(2) as string | undefined];
    if (type === "symbol") return { type, text, data: undefined };
    const isObject = type === "object" || type === "function";
    const data: unknown = isObject ? json && (JSON.parse(json) as unknown) : marshal.argument(value);
    return { type, text, data };
  });
}
