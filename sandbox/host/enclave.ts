import { CcfError } from "../enclave/http/errors.js";
import type { HttpRequest, HttpResponse } from "../enclave/http/message.js";
import { now, Progress } from "../enclave/progress.js";
import type { Genesis, Question, TlsIdentity } from "../messages.js";
import { keepEngineCode } from "./engineCode.js";
import { Run, type RunOptions } from "./run.js";

/** How long a guest may overrun its time limit before the worker counts as wedged, in milliseconds. */
const GRACE_MS = 2000;
const WATCH_EVERY_MS = 250;

/** Workers that may end one after the other while no request runs. Whatever ends them then would end the next one too. */
const MAX_IDLE_DEATHS = 3;

/** The ledger is opened for a first start, and again whenever the worker is replaced. */
export type EnclaveHostOptions = RunOptions & {
  /** Keeps the sealed identity, of a fresh service and after each renewal; resolves when it is safe. */
  readonly keepIdentity: (sealed: string) => Promise<void>;
  /** Governance has renewed the certificate of the node or of the service. */
  readonly renewed: (tls: TlsIdentity) => Promise<void>;
  /** The ledger cannot be written any more, or the worker not be replaced: nothing will be committed, and the service has to end. */
  readonly failed: (error: Error) => void;
};

type Pending = { readonly question: Question; readonly resolve: (response: HttpResponse) => void };

/**
 * The host's side of the enclave: starts the worker, carries its messages, and replaces it when a guest has wedged it or it has ended by
 * itself. The new worker replays the ledger; what was signed is there again, what was not is lost, and its ids are invalid.
 */
export class EnclaveHost {
  readonly #options: EnclaveHostOptions;
  /** Of the present worker: one that is left behind in a long call may still write its own. */
  #progress = new Progress();
  /** Questions without an answer, oldest first. */
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;
  #sealed: string;
  #run: Run | undefined;
  #replacing: Promise<void> | undefined;
  #idleDeaths = 0;
  #over = false;
  #watch: NodeJS.Timeout | undefined;

  private constructor(options: EnclaveHostOptions, sealed: string) {
    this.#options = options;
    this.#sealed = sealed;
  }

  /** A fresh service, or the one that `sealed` and the ledger hold. @throws EnclaveRefused, LedgerDamaged, system errors of the ledger's files */
  static async start(
    from: { readonly genesis: Genesis } | { readonly sealed: string },
    options: EnclaveHostOptions,
  ): Promise<{ enclave: EnclaveHost; tls: TlsIdentity }> {
    const enclave = new EnclaveHost(options, "sealed" in from ? from.sealed : "");
    const tls = await enclave.#start("genesis" in from ? from.genesis : undefined);
    await keepEngineCode();
    enclave.#watch = setInterval(() => {
      enclave.#replaceIfWedged();
    }, WATCH_EVERY_MS).unref();
    return { enclave, tls };
  }

  /** Always answers; with an error once the service has ended. */
  request(request: HttpRequest): Promise<HttpResponse> {
    return this.ask({ kind: "request", request });
  }

  /** Always answers, as `request` does. */
  ask(question: Question): Promise<HttpResponse> {
    if (this.#over) return Promise.resolve(ended());
    return new Promise((resolve) => {
      const id = this.#nextId++;
      this.#pending.set(id, { question, resolve });
      if (!this.#replacing) this.#run?.post({ ...question, id });
    });
  }

  /** Answers the requests that are there, signs and stores everything, and ends the worker. */
  async stop(): Promise<void> {
    for (let stopped = this.#over; !stopped;) {
      await this.#replacing;
      // A worker that is wedged is replaced also now, and it is the new one that stops.
      stopped = this.#over || (await this.#run?.stop()) === "stopped";
    }
    this.#finish();
  }

  async #start(genesis: Genesis | undefined): Promise<TlsIdentity> {
    this.#progress = new Progress();
    const run = new Run(this.#options, this.#progress.shared, {
      response: (id, response) => {
        this.#idleDeaths = 0;
        this.#answer(id, response);
      },
      renewed: this.#options.renewed,
      identity: async (sealed) => {
        this.#sealed = sealed;
        await this.#options.keepIdentity(sealed);
      },
      died: (error) => {
        this.#replace(`the enclave ended by itself (${error.message})`, "Exception thrown while executing.");
      },
      failed: (error) => {
        this.#fail(error);
      },
    });
    this.#run = run;
    try {
      return await run.start(genesis ? { genesis } : { sealed: this.#sealed });
    } catch (error) {
      await run.kill();
      throw error;
    }
  }

  #replaceIfWedged(): void {
    const { deadline } = this.#progress;
    if (deadline === 0 || now() < deadline + GRACE_MS) return;
    this.#replace("a guest did not end at its time limit", "Operation took too long to complete.");
  }

  /** @param answer what the request gets that was running */
  #replace(why: string, answer: string): void {
    if (this.#replacing || this.#over) return;
    this.#options.log("fail", `${why}: the enclave is replaced`);
    this.#replacing = this.#replaceNow(why, answer)
      .catch((error: unknown) => {
        this.#fail(error);
      })
      .finally(() => {
        this.#replacing = undefined;
        for (const [id, { question }] of this.#pending) this.#run?.post({ ...question, id });
      });
  }

  async #replaceNow(why: string, answer: string): Promise<void> {
    await this.#run?.kill();
    // What the worker had already answered has been heard by now.
    const stuck = this.#progress.request;
    if (this.#pending.has(stuck)) this.#answer(stuck, new CcfError("InternalError", answer).toResponse());
    else if (++this.#idleDeaths > MAX_IDLE_DEATHS) throw new Error(why);
    await this.#start(undefined);
    this.#options.log("info", "the enclave has been replaced");
  }

  #answer(id: number, response: HttpResponse): void {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    pending?.resolve(response);
  }

  #fail(cause: unknown): void {
    if (this.#over) return;
    this.#finish();
    void this.#run?.kill();
    const error = cause instanceof Error ? cause : new Error(String(cause));
    this.#options.log("fatal", `the service ends: ${error.message}`);
    this.#options.failed(error);
  }

  #finish(): void {
    this.#over = true;
    clearInterval(this.#watch);
    for (const id of [...this.#pending.keys()]) this.#answer(id, ended());
  }
}

const ended = (): HttpResponse => new CcfError("InternalError", "The service has ended.").toResponse();
