import { cryptoFunctions } from "../../../sandbox/enclave/js/globals/crypto/index.js";
import { createEngine } from "../../../sandbox/enclave/js/engine.js";
import {
  DEFAULT_RUNTIME_OPTIONS,
  type EndpointCall,
  type EndpointOutcome,
  type GovernanceCall,
  type GuestRequest,
  type GuestServices,
  type GuestValue,
  type Outcome,
  type RuntimeOptions,
  type ScriptEngine,
} from "../../../sandbox/enclave/js/host.js";
import { snpVerifier } from "../../../sandbox/enclave/snp/verify.js";
import { Store } from "../../../sandbox/enclave/kv/store.js";
import type { Transaction } from "../../../sandbox/enclave/kv/transaction.js";

export const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "utf8"));
export const textOf = (content: Uint8Array | undefined): string | undefined => content && Buffer.from(content).toString("utf8");

/** What a test changes of an ordinary call. */
export type CallChanges = Partial<Omit<EndpointCall, "options" | "request">> & {
  readonly request?: Partial<GuestRequest>;
  readonly options?: Partial<RuntimeOptions>;
};

/** CCF's limits, but for machines that do much else at the same time. */
const PATIENT: RuntimeOptions = { ...DEFAULT_RUNTIME_OPTIONS, maxExecutionTimeMs: 20_000 };

export const FIXED_NOW = 1_700_000_000_000;

/** A service with nothing behind it but a store: one committed transaction after another, no past states. */
export class GuestHost {
  readonly store = new Store();
  readonly logged: string[] = [];
  readonly services: GuestServices = {
    consensus: {
      lastCommitted: () => ({ view: 2, seqno: this.store.seqno }),
      statusOf: (view, seqno) => (view !== 2 ? "Invalid" : seqno <= this.store.seqno ? "Committed" : "Unknown"),
      viewOf: (seqno) => (seqno <= this.store.seqno ? 2 : null),
    },
    historical: { range: () => null, drop: () => false },
    verifySnpAttestation: snpVerifier(),
    now: () => FIXED_NOW,
    log: (level, line) => this.logged.push(`${level} ${line}`),
  };

  #engine: (ScriptEngine & { dispose(): void }) | undefined;

  get engine(): ScriptEngine & { dispose(): void } {
    if (!this.#engine) throw new Error("the engine has not started");
    return this.#engine;
  }

  static async start(services: Partial<GuestServices> = {}): Promise<GuestHost> {
    const host = new GuestHost();
    host.#engine = await createEngine({ services: { ...host.services, ...services }, cryptoFunctions });
    return host;
  }

  commit(change: (tx: Transaction) => void): void {
    const tx = this.store.begin();
    change(tx);
    this.store.apply(tx.writeSet(), this.store.seqno + 1);
  }

  /** Installs modules by name, with the leading slash, as `set_js_app` does. */
  install(modules: Readonly<Record<string, string>>): void {
    this.commit((tx) => {
      const table = tx.table("public:ccf.gov.modules");
      table.clear();
      for (const [name, text] of Object.entries(modules)) table.set(bytes(name), bytes(text));
      tx.table("public:ccf.gov.interpreter.flush").set(new Uint8Array(8), bytes("true"));
    });
  }

  /** Runs the body of a function of `request` as an endpoint of its own. */
  run(body: string, call: CallChanges = {}): EndpointOutcome {
    this.install({ "/run.js": `${PROBES} export function run(request) {\n${body}\n}` });
    return this.call({ ...call, jsModule: "/run.js", jsFunction: "run" });
  }

  call({ request, options, ...call }: CallChanges): EndpointOutcome {
    return this.engine.callEndpoint({
      tx: this.store.begin(),
      jsModule: "/main.js",
      jsFunction: "main",
      mode: "readwrite",
      options: { ...PATIENT, ...options },
      request: { ...REQUEST, ...request },
      ...call,
    });
  }

  /** Like `run`, for the parsed JSON body. */
  json(body: string, call: CallChanges = {}): unknown {
    return jsonOf(this.run(body, call));
  }

  govern(source: string, exportName: string, call: Partial<GovernanceCall> = {}): Outcome<GuestValue> {
    return this.engine.callGovernance({
      context: "gov-ro",
      tx: this.store.begin(),
      source,
      moduleName: "public:ccf.gov.constitution[0]",
      exportName,
      args: [],
      options: PATIENT,
      ...call,
    });
  }
}

export function jsonOf(outcome: EndpointOutcome): unknown {
  if (outcome.kind !== "value") throw new Error(`not a value: ${JSON.stringify(outcome)}`);
  return JSON.parse(textOf(outcome.value.body) ?? "null");
}

const REQUEST: GuestRequest = {
  method: "GET",
  path: "/app/x",
  query: "",
  url: "/app/x",
  route: "/app/x",
  hostname: null,
  params: {},
  headers: {},
  body: new Uint8Array(),
  caller: null,
};

/** Guest functions for probes: what a function returns or throws. */
const PROBES = `
const attempt = (f) => { try { const v = f(); return { ok: v === undefined ? "(undefined)" : v }; } catch (e) { return { error: [e.name, e.message] }; } };
const S = (s) => ccf.strToBuf(s);
const U = (b) => (b === undefined ? null : ccf.bufToStr(b));
`;
