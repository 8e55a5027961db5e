import { Scope } from "quickjs-emscripten-core";
import { appModules } from "./appModules.js";
import type { Call } from "./call.js";
import { endpointResult } from "./endpointResult.js";
import { Fault } from "./failures.js";
import { describe } from "./globals/historical.js";
import type { EndpointCall, EndpointResult, GuestRequest } from "./host.js";
import type { Interpreter } from "./interpreter.js";
import { evaluationLimitsOf, limitsOf } from "./limits.js";
import { noticePromise } from "./promise.js";
import type { GuestResult } from "./values.js";

/** Calls the function of an endpoint with its request. @throws Fault, GuestException, TimedOut */
export function callHandler(interpreter: Interpreter, call: Call, endpoint: EndpointCall): EndpointResult {
  const { tx, jsModule, jsFunction, request, historicalState } = endpoint;
  const { marshal, modules } = interpreter;
  return Scope.withScope((scope) => {
    interpreter.begin(call);
    const state = scope.manage(marshal.result(historicalState && describe(call, historicalState)));
    interpreter.helper("setHistoricalState", state).dispose();

    const source = appModules(tx);
    modules.useSource(source);
    const text = (): string => {
      const found = source(jsModule);
      if (found === undefined) throw new Fault(`Module '${jsModule}' could not be loaded`);
      return found;
    };
    const failure = (reason: string): string => `Failed to compile module '${jsModule}': ${reason}`;
    const handler = interpreter.limited(evaluationLimitsOf(call.options), () =>
      modules.exported({ name: jsModule, text, failure }, jsFunction),
    );

    const fields = scope.manage(marshal.result(fieldsOf(request)));
    const argument = scope.manage(interpreter.helper("request", fields));
    return interpreter.limited(limitsOf(call.options), () => {
      const returned = scope.manage(interpreter.invoke(handler, argument));
      noticePromise(interpreter, call, returned);
      return endpointResult(interpreter, call, returned);
    });
  });
}

/** The request without its body, in CCF's order; the guest side puts the body's functions in their place. */
function fieldsOf({ headers, query, path, method, hostname, route, url, params, caller }: GuestRequest): GuestResult {
  // `caller` is JSON-like by contract.
  return { headers, query, path, method, hostname, route, url, params, body: null, caller: caller as GuestResult };
}
