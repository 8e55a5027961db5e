import { authenticate } from "../auth/policies.js";
import { CcfError, type ErrorDetail } from "../http/errors.js";
import type { HttpRequest, HttpResponse } from "../http/message.js";
import { decodeQuery } from "../http/query.js";
import type { Match } from "../http/router.js";
import type { EndpointOutcome, HistoricalState, RuntimeOptions } from "../js/host.js";
import type { Transaction } from "../kv/transaction.js";
import { AppRoutes, type AppEndpoint } from "./appRoutes.js";
import type { NodeContext } from "./context.js";
import { parseQuery, type Endpoint } from "./endpoint.js";
import { atTransaction } from "./historical.js";
import { applicationOptions } from "../gov/runtimeOptions.js";
import { serviceStatus } from "./serviceStatus.js";

export type AppAnswer = {
  readonly response: HttpResponse;
  /** `ccf.rpc.setApplyWrites`, when it was called. */ readonly applyWrites?: boolean | undefined;
};

/** `/app`: the endpoints that governance installed, each a function of a JavaScript module. */
export class AppFrontend {
  readonly #context: NodeContext;
  readonly #routes: AppRoutes;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#routes = new AppRoutes(context);
  }

  /** `path` is without the prefix `/app`. @throws CcfError */
  call(request: HttpRequest, path: string, tx: Transaction): AppAnswer {
    if (serviceStatus(this.#context.store) !== "Open") throw new CcfError("FrontendNotOpen", "Frontend is not open.");
    const match = this.#routes.current().find(request.method, path);
    if ("allow" in match) return { response: { status: 204, headers: { allow: match.allow } } };
    this.#context.observer?.route(`/app${match.template}`);
    tx.table("public:ccf.gov.endpoints"); // CCF looks the endpoint up in the request's own transaction
    if (typeof match.target === "function") return { response: this.#builtIn(match.target, request, tx) };
    return this.#script(match as Match<AppEndpoint>, request, tx);
  }

  #builtIn(endpoint: Endpoint, request: HttpRequest, tx: Transaction): HttpResponse {
    return endpoint({ request, params: {}, query: parseQuery(request.query), tx });
  }

  #script(match: Match<AppEndpoint>, request: HttpRequest, tx: Transaction): AppAnswer {
    const { properties } = match.target;
    const caller = authenticate(properties.authn_policies, { request, tx, now: this.#context.now });
    this.#context.observer?.caller(caller);
    if (properties.mode !== "historical") return this.#run(match, request, tx, caller);
    let answer: AppAnswer | undefined;
    const response = atTransaction(this.#context, request.headers["x-ms-ccf-transaction-id"], (state) => {
      answer = this.#run(match, request, tx, caller, state);
      return answer.response;
    });
    return answer ?? { response };
  }

  #run(match: Match<AppEndpoint>, request: HttpRequest, tx: Transaction, caller: unknown, historicalState?: HistoricalState): AppAnswer {
    const { properties } = match.target;
    const options = applicationOptions(tx);
    const query = decodeQuery(request.query);
    const outcome = this.#context.engine.callEndpoint({
      tx,
      jsModule: properties.js_module,
      jsFunction: properties.js_function,
      mode: properties.mode,
      reuseKey: properties.interpreter_reuse?.key,
      options,
      historicalState,
      request: {
        method: request.method,
        path: request.path,
        query,
        url: query === "" ? request.path : `${request.path}?${query}`,
        route: `/app${match.template}`,
        hostname: request.headers.host ?? null,
        params: match.params,
        headers: request.headers,
        body: request.body,
        caller,
      },
    });
    return { response: answerTo(outcome, options), applyWrites: outcome.applyWrites };
  }
}

function answerTo(outcome: EndpointOutcome, options: RuntimeOptions): HttpResponse {
  if (outcome.kind === "value") return outcome.value;
  const exception = outcome.kind === "fault" ? outcome.exception : outcome;
  const details = exception && options.returnExceptionDetails ? [detailOf(exception)] : undefined;
  return new CcfError("InternalError", messageOf(outcome), { details }).toResponse();
}

function messageOf(outcome: Exclude<EndpointOutcome, { kind: "value" }>): string {
  if (outcome.kind === "fault") return outcome.message;
  return outcome.timedOut ? "Operation took too long to complete." : "Exception thrown while executing.";
}

const detailOf = ({ reason, trace }: { readonly reason: string; readonly trace?: string | undefined }): ErrorDetail => ({
  code: "JSException",
  message: reason,
  ...(trace !== undefined && { trace }),
});
