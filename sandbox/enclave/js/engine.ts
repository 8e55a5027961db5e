import { QUICKJS_2024, type QuickJsBuild } from "./quickjs.js";
import { Call } from "./call.js";
import { callExport } from "./callExport.js";
import { callHandler } from "./callHandler.js";
import { namespaces } from "./globals/index.js";
import type { EndpointCall, EndpointOutcome, GovernanceCall, GuestServices, GuestValue, Outcome, ScriptEngine } from "./host.js";
import type { Interpreter } from "./interpreter.js";
import { Interpreters } from "./interpreters.js";
import { outcomeOf } from "./outcome.js";
import { buildPrelude } from "./prelude.js";
import type { HostFunction } from "./values.js";

export type EngineOptions = {
  readonly services: GuestServices;
  /** `ccf.crypto`, by name. */
  readonly cryptoFunctions: Readonly<Record<string, HostFunction>>;
  /** Another release of QuickJS than that of CCF 6. */
  readonly build?: QuickJsBuild;
};

const FLUSH_TABLE = "public:ccf.gov.interpreter.flush";
const SINGLE_ROW = new Uint8Array(8);

/**
 * The engine on QuickJS in WebAssembly.
 *
 * The thread needs a stack of 64 MB (`resourceLimits.stackSizeMb` of a Worker, or `node --stack-size=64000`): with less, a deep guest ends
 * the thread's stack before its own. It then fails like any guest that is too deep, but takes all cached interpreters with it.
 */
export async function createEngine({
  services,
  cryptoFunctions,
  build = QUICKJS_2024,
}: EngineOptions): Promise<ScriptEngine & { dispose(): void }> {
  return new QuickJsEngine(services, await Interpreters.create(build, buildPrelude(namespaces(cryptoFunctions))));
}

class QuickJsEngine implements ScriptEngine {
  constructor(
    private readonly services: GuestServices,
    private readonly interpreters: Interpreters,
  ) {}

  callGovernance(governance: GovernanceCall): Outcome<GuestValue> {
    const { context, tx, options, effects, onRead, moduleName } = governance;
    const call = new Call({ subject: moduleName, context, tx, options, effects, onRead, services: this.services });
    const interpreter = this.interpreters.fresh(context === "gov-rw" ? "apply" : "other");
    return this.#run(interpreter, call, () => callExport(interpreter, call, governance));
  }

  callEndpoint(endpoint: EndpointCall): EndpointOutcome {
    const { tx, options, mode, request, reuseKey, onRead, jsModule } = endpoint;
    const context = mode === "readwrite" ? "app-rw" : "app-ro";
    const subject = `${request.method} ${request.route} (${jsModule})`;
    const call = new Call({ subject, context, tx, options, onRead, services: this.services, body: request.body });
    // CCF reads the table in every request, so that every request has a transaction to name.
    const flushed = tx.table(FLUSH_TABLE).versionOfPreviousWrite(SINGLE_ROW) ?? 0;
    const policy = {
      key: `${context} ${reuseKey}`,
      capacity: options.maxCachedInterpreters,
      marker: `${flushed} ${JSON.stringify(options)}`,
    };
    const interpreter = reuseKey === undefined ? this.interpreters.fresh("app") : this.interpreters.reused(policy);
    const outcome = this.#run(interpreter, call, () => callHandler(interpreter, call, endpoint));
    return { ...outcome, applyWrites: call.applyWrites };
  }

  dispose(): void {
    this.interpreters.dispose();
  }

  #run<T>(interpreter: Interpreter, call: Call, run: () => T): Outcome<T> {
    const { outcome, spoiled, broken } = outcomeOf(interpreter, call, run);
    if (broken) this.interpreters.abandonInstance();
    else this.interpreters.release(interpreter, spoiled);
    return outcome;
  }
}
