import { AppFrontend, type AppAnswer } from "./frontends/app.js";
import { addCommonEndpoints } from "./frontends/common.js";
import type { NodeContext } from "./frontends/context.js";
import { parseQuery, type Endpoint } from "./frontends/endpoint.js";
import { ABOUT_GOVERNANCE } from "./frontends/gov.js";
import { nodeEndpoints } from "./frontends/node.js";
import { openApi } from "./frontends/openApi.js";
import { CcfError } from "./http/errors.js";
import { unsendable, type HttpRequest, type HttpResponse } from "./http/message.js";
import type { Router } from "./http/router.js";
import type { Transaction } from "./kv/transaction.js";
import type { TransactionId } from "./ledger/entry.js";
import type { Tracer } from "./trace.js";

/** Where transactions go. */
export interface Committer {
  /** Applies the writes, if there are any; the id is that of the new state, or of the state that was read. */
  commit(tx: Transaction): TransactionId;
}

type Frontend = (request: HttpRequest, path: string, tx: Transaction) => AppAnswer;

/**
 * A service of one node: finds the front end of a request, runs it as one transaction, and commits what it wrote.
 *
 * Requests are handled one after the other; nothing in here waits.
 */
export class Service {
  readonly #context: NodeContext;
  readonly #committer: Committer;
  readonly #frontends: ReadonlyMap<string, Frontend>;
  readonly #app: Frontend;
  readonly #tracer: Tracer | undefined;

  constructor(context: NodeContext, committer: Committer, governance: Router<Endpoint>, tracer?: Tracer) {
    this.#context = context;
    this.#committer = committer;
    this.#tracer = tracer;
    const app = new AppFrontend(context);
    this.#app = (request, path, tx) => app.call(request, path, tx);
    this.#frontends = new Map<string, Frontend>([
      ["app", this.#app],
      ["gov", routed("/gov", withApi(governance, context), tracer)],
      ["node", routed("/node", nodeEndpoints(context), tracer)],
      [".well-known/acme-challenge", closed],
    ]);
  }

  handle(request: HttpRequest): HttpResponse {
    const tx = this.#context.store.begin();
    const answer = (): HttpResponse => this.#answer(request, tx);
    return this.#tracer ? this.#tracer.request(request, tx, answer) : answer();
  }

  #answer(request: HttpRequest, tx: Transaction): HttpResponse {
    const [frontend, path] = this.#frontendOf(request.path);
    try {
      const { response, applyWrites } = sendable(frontend(request, path, tx));
      if (!(applyWrites ?? (response.status >= 200 && response.status < 300)) || !tx.touched) return response;
      const { view, seqno } = this.#committer.commit(tx);
      return { ...response, headers: { ...response.headers, "x-ms-ccf-transaction-id": `${view}.${seqno}` } };
    } catch (error) {
      // Of a transaction that cannot be recorded (a table's name may be too long), nothing is.
      return refusal(error, this.#context);
    }
  }

  /** A path without a front end's prefix belongs to the application. */
  #frontendOf(path: string): readonly [Frontend, string] {
    for (const [name, frontend] of this.#frontends) {
      if (path.startsWith(`/${name}/`)) return [frontend, path.slice(name.length + 1)];
    }
    return [this.#app, path];
  }
}

function withApi(governance: Router<Endpoint>, context: NodeContext): Router<Endpoint> {
  return addCommonEndpoints(governance, context, () => openApi(ABOUT_GOVERNANCE, "/gov", governance.routes()));
}

const closed: Frontend = () => {
  throw new CcfError("FrontendNotOpen", "Frontend is not open.");
};

function routed(prefix: string, router: Router<Endpoint>, tracer: Tracer | undefined): Frontend {
  return (request, path, tx) => {
    const match = router.find(request.method, path);
    if ("allow" in match) return { response: { status: 204, headers: { allow: match.allow } } };
    tracer?.route(`${prefix}${match.template}`);
    return { response: match.target({ request, params: match.params, query: parseQuery(request.query), tx }) };
  };
}

/** The same answer. @throws CcfError for one that cannot be sent, which must not have changed anything */
function sendable(answer: AppAnswer): AppAnswer {
  const problem = unsendable(answer.response);
  if (problem !== undefined) throw noAnswer(problem);
  return answer;
}

/** Also a refusal may hold what cannot be sent: the verbs that an application gave its endpoints. */
function refusal(error: unknown, context: NodeContext): HttpResponse {
  const response = failure(error, context).toResponse();
  const problem = unsendable(response);
  return problem === undefined ? response : noAnswer(problem).toResponse();
}

const noAnswer = (problem: string): CcfError => new CcfError("InternalError", `The answer of the application cannot be sent: ${problem}`);

/** CCF turns whatever escapes an endpoint into 500 InternalError with its text. */
function failure(error: unknown, { warn }: NodeContext): CcfError {
  if (error instanceof CcfError) return error;
  const message = error instanceof Error ? error.message : String(error);
  warn(`request failed: ${error instanceof Error ? (error.stack ?? message) : message}`);
  return new CcfError("InternalError", message);
}
