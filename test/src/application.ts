import path from "node:path";
import { type Bundle, buildApplication } from "../../build/application.js";
import { createEngine } from "../../sandbox/enclave/js/engine.js";
import { cryptoFunctions } from "../../sandbox/enclave/js/globals/crypto/index.js";
import { DEFAULT_RUNTIME_OPTIONS, type ScriptEngine } from "../../sandbox/enclave/js/host.js";
import { Store } from "../../sandbox/enclave/kv/store.js";
import type { Transaction } from "../../sandbox/enclave/kv/transaction.js";
import { snpVerifier } from "../../sandbox/enclave/snp/verify.js";

type Caller = { readonly policy: string; readonly id?: string; readonly data?: unknown; readonly cert?: string } | null;

export type Call = {
  /** Values of the `{names}` in the URL. */
  readonly params?: Readonly<Record<string, string>>;
  /** As CCF hands it over: decoded. */
  readonly query?: string;
  /** Text or bytes as they are; anything else as JSON. */
  readonly body?: unknown;
  readonly caller?: Caller;
};

export type Reply = { readonly status: number; readonly body: unknown; readonly version: string };

const utf8 = (text: string) => new TextEncoder().encode(text);
const bytesOf = (body: unknown) => (body instanceof Uint8Array ? body : utf8(typeof body === "string" ? body : JSON.stringify(body)));

const built = buildApplication(path.resolve(import.meta.dirname, "../.."));

/** A member's id, a readable one. */
export const memberId = (name: string) => Buffer.from(name).toString("hex").padEnd(64, "0");
export const member = (name: string): Caller => ({ policy: "member_cert", id: memberId(name), data: {}, cert: "" });

/**
 * The built application in the sandbox's engine and store, without signatures, HTTP and governance: what governance would have written is
 * put into its tables by `govern`.
 */
export class Application {
  readonly store = new Store();
  /** The view of all transactions; null while the node does not know it. */
  view: number | null = 2;
  readonly #bundle: Bundle;
  #engine: ScriptEngine | undefined;

  private constructor(bundle: Bundle) {
    this.#bundle = bundle;
  }

  static async start(): Promise<Application> {
    const { bundle } = await built;
    const application = new Application(bundle);
    application.#engine = await createEngine({
      services: {
        consensus: {
          lastCommitted: () => ({ view: 2, seqno: application.store.seqno }),
          statusOf: () => "Committed",
          viewOf: () => application.view,
        },
        historical: { range: () => null, drop: () => false },
        verifySnpAttestation: snpVerifier(),
        now: () => Date.now(),
        log: () => undefined,
      },
      cryptoFunctions,
    });
    application.change((tx) => {
      for (const { name, module } of bundle.modules) tx.table("public:ccf.gov.modules").set(utf8(`/${name}`), utf8(module));
    });
    for (const name of ["alice", "bob"]) application.govern("members.info", memberId(name), { status: "Active", member_data: {} });
    return application;
  }

  change(work: (tx: Transaction) => void): void {
    const tx = this.store.begin();
    work(tx);
    this.store.apply(tx.writeSet(), this.store.seqno + 1);
  }

  /** Writes a row of `public:ccf.gov.<table>`. */
  govern(table: string, key: string, value: unknown): void {
    this.change((tx) => {
      tx.table(`public:ccf.gov.${table}`).set(utf8(key), bytesOf(value));
    });
  }

  /** Enters a proposal as CCF does. */
  propose(proposalId: string, state: string, ...actions: readonly { readonly name: string; readonly args?: unknown }[]): void {
    this.govern("proposals", proposalId, { actions });
    this.govern("proposals_info", proposalId, { proposer_id: memberId("alice"), state, ballots: {} });
  }

  /** Calls the endpoint of a URL template, as alice unless another caller is given. */
  call(verb: "get" | "put" | "post", url: string, { params = {}, query = "", body = "", caller = member("alice") }: Call = {}): Reply {
    const endpoint = this.#bundle.metadata.endpoints[url]?.[verb];
    if (!endpoint) throw new Error(`no ${verb} ${url}`);
    const tx = this.store.begin();
    const outcome = this.engine.callEndpoint({
      tx,
      jsModule: `/${endpoint.js_module}`,
      jsFunction: endpoint.js_function,
      mode: endpoint.mode,
      reuseKey: endpoint.interpreter_reuse.key,
      // A test runs on a thread whose own stack would end before that of a guest with CCF's 1 MiB.
      // On a busy machine an RSA key takes longer than CCF's second.
      options: { ...DEFAULT_RUNTIME_OPTIONS, maxStackBytes: 64 * 1024, maxExecutionTimeMs: 60_000 },
      request: {
        method: verb.toUpperCase(),
        path: `/app${url}`,
        route: `/app${url}`,
        url: `/app${url}`,
        query,
        hostname: null,
        params,
        headers: {},
        body: bytesOf(body),
        caller,
      },
    });
    if (outcome.kind !== "value") throw new Error(`${verb} ${url}: ${JSON.stringify(outcome)}`);
    const { status, body: answer } = outcome.value;
    if (status < 300 && tx.writeSet().size > 0) this.store.apply(tx.writeSet(), this.store.seqno + 1);
    const text = answer && Buffer.from(answer).toString();
    return { status, body: text ? JSON.parse(text) : undefined, version: `${this.view ?? ""}.${this.store.seqno}` };
  }

  private get engine(): ScriptEngine {
    if (!this.#engine) throw new Error("not started");
    return this.#engine;
  }
}

/** What a refusal looks like. */
export const refusal = (status: number, code: string, message?: unknown) => ({
  status,
  body: { error: { code, ...(message === undefined ? {} : { message }) } },
});
