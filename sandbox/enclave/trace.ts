import { performance } from "node:perf_hooks";
import type { HttpRequest, HttpResponse } from "./http/message.js";
import type { ScriptEngine } from "./js/host.js";
import type { Transaction } from "./kv/transaction.js";
import type { ObservedCaller, RequestObserver } from "./observer.js";

const ID_LENGTH = 8;

/** What is known so far of the request that is handled now. */
class Course {
  route: string | undefined;
  caller = "";
  guestMs = 0;
  /** Table to the number of times that guests looked into it. */
  readonly reads = new Map<string, number>();
}

/**
 * Writes one line for each request: its route and caller, the answer, which tables guests read and what was written, and the time it
 * took. Names of tables are all that it shows of the data.
 */
export class Tracer implements RequestObserver {
  readonly #write: (line: string) => void;
  #course = new Course();

  constructor(write: (line: string) => void) {
    this.#write = write;
  }

  route(template: string): void {
    this.#course.route = template;
  }

  caller(caller: ObservedCaller | null): void {
    if (caller === null) return;
    const { policy, id } = caller;
    const name = typeof policy === "string" ? policy : policy.join("+");
    this.#course.caller = ` by ${name}${typeof id === "string" ? ` ${id.slice(0, ID_LENGTH)}` : ""}`;
  }

  /** Handles a request and tells of it. */
  request(request: HttpRequest, tx: Transaction, handle: () => HttpResponse): HttpResponse {
    const course = (this.#course = new Course());
    const started = performance.now();
    const response = handle();
    const ms = performance.now() - started;
    const id = response.headers["x-ms-ccf-transaction-id"];
    const written = [...tx.writeSet()].map(([table, rows]) => `${table} (${rows.size})`);
    const read = [...course.reads].map(([table, times]) => `${table} (${times})`);
    const parts = [
      `${request.method} ${course.route ?? "(no route)"}${course.caller}: ${response.status}${id === undefined ? "" : `, transaction ${id}`}`,
      ...(read.length > 0 ? [`read ${read.join(", ")}`] : []),
      ...(written.length > 0 ? [`${id === undefined ? "wrote, and undid," : "wrote"} ${written.join(", ")}`] : []),
      `${course.guestMs.toFixed(1)} ms in JavaScript, ${ms.toFixed(1)} ms in all`,
    ];
    this.#write(parts.join("; "));
    return response;
  }

  /** The engine with its time taken and its reads counted. What guests throw goes to the log, whatever governance has set. */
  observed(engine: ScriptEngine): ScriptEngine {
    const onRead = (table: string): void => {
      const { reads } = this.#course;
      reads.set(table, (reads.get(table) ?? 0) + 1);
    };
    return {
      callGovernance: (call) =>
        this.#timed(() => engine.callGovernance({ ...call, onRead, options: { ...call.options, logExceptionDetails: true } })),
      callEndpoint: (call) =>
        this.#timed(() => engine.callEndpoint({ ...call, onRead, options: { ...call.options, logExceptionDetails: true } })),
    };
  }

  #timed<T>(call: () => T): T {
    const started = performance.now();
    try {
      return call();
    } finally {
      this.#course.guestMs += performance.now() - started;
    }
  }
}
