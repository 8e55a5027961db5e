import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { HttpResponse } from "../enclave/http/message.js";
import type { EnclaveOptions, FromEnclave, Genesis, LogLevel, TlsIdentity, ToEnclave } from "../messages.js";
import type { LedgerEvents, LedgerWriter } from "./ledger/writer.js";

// The worker is a file of its own; its name in package.json finds it from sources and from the built command alike.
const WORKER = createRequire(import.meta.url).resolve("#sandbox/worker");

/** Guests may use 1 MiB of QuickJS stack and more, for which V8 needs several times as much. */
const WORKER_STACK_MB = 64;

/**
 * Mebibytes of V8's heap. The young generation is kept smaller than V8 would let it grow, and an old generation that is told to stay below
 * 2 GiB is collected when it has doubled and not when it has quadrupled: a fifth less memory for a service of many writes, at no cost that
 * can be measured. Values of tables, and guests, are outside of this heap.
 */
const YOUNG_MB = 24;
const OLD_MB = 2000;

/** Files of a ledger that the worker has been sent and has not replayed yet: one that it works on, and the next. */
const MAX_FILES_AHEAD = 2;

/** A thread that is inside a long call of OpenSSL does not end before that returns; it is not waited for, and nothing it says counts. */
const TERMINATE_MS = 2000;

/** The enclave cannot start, for a reason that whoever starts it can understand. */
export class EnclaveRefused extends Error {
  override readonly name = "EnclaveRefused";
}

export type RunOptions = Omit<EnclaveOptions, "progress"> & {
  readonly openLedger: (events: LedgerEvents) => Promise<LedgerWriter>;
  readonly log: (level: LogLevel, line: string) => void;
  /** Mebibytes of V8's heap that the worker may use. Default 2000. */
  readonly heapMb?: number;
};

export type RunEvents = {
  readonly response: (id: number, response: HttpResponse) => void;
  readonly renewed: (tls: TlsIdentity) => Promise<void>;
  /** To be kept; resolves when it is safe. */
  readonly identity: (sealed: string) => Promise<void>;
  /** The worker was ready, and has ended without being told to. */
  readonly died: (error: Error) => void;
  /** The worker was ready, and its ledger cannot be written any more. */
  readonly failed: (error: Error) => void;
};

/** One worker with the ledger that it writes. */
export class Run {
  readonly #options: RunOptions;
  readonly #events: RunEvents;
  readonly #worker: Worker;
  #ledger: LedgerWriter | undefined;
  #state: "starting" | "ready" | "ended" = "starting";
  #deaf = false;
  #filesAhead = 0;
  #fileTaken: () => void = () => undefined;
  readonly #ready = withResolvers<TlsIdentity>();
  readonly #stopped = withResolvers<"stopped" | "ended">();
  /** Messages are handled strictly in order, also where handling one takes a while. */
  #handling: Promise<void> = Promise.resolve();

  constructor(options: RunOptions, progress: EnclaveOptions["progress"], events: RunEvents) {
    this.#options = options;
    this.#events = events;
    this.#ready.promise.catch(() => undefined); // `start` may not be waiting yet
    const { address, hosts, signatures, extraRoots, clock, sessions, trace, sourceMaps } = options;
    const workerData: EnclaveOptions = { address, hosts, signatures, extraRoots, clock, sessions, trace, sourceMaps, progress };
    const resourceLimits = {
      stackSizeMb: WORKER_STACK_MB,
      maxYoungGenerationSizeMb: YOUNG_MB,
      maxOldGenerationSizeMb: options.heapMb ?? OLD_MB,
    };
    this.#worker = new Worker(WORKER, { workerData, resourceLimits });
    this.#worker.on("message", (message: FromEnclave) => {
      this.#receive(message);
    });
    let cause: Error | undefined;
    this.#worker.on("error", (error) => (cause = error));
    this.#worker.on("exit", (code) => {
      this.#end(cause ?? new Error(`the enclave ended with status ${code}`), this.#events.died);
    });
  }

  async start(from: { readonly genesis: Genesis } | { readonly sealed: string }): Promise<TlsIdentity> {
    const events: LedgerEvents = {
      persisted: (seqno) => {
        this.post({ kind: "persisted", seqno });
      },
      failed: (error) => {
        this.#end(error, this.#events.failed);
      },
    };
    const ledger = await this.#options.openLedger(events);
    this.#ledger = ledger;
    if ("genesis" in from) this.post({ kind: "create", genesis: from.genesis });
    else {
      this.post({ kind: "resume", sealed: from.sealed });
      for await (const entries of ledger.recover()) {
        this.post({ kind: "replay", entries }, ownBuffers(entries));
        if (++this.#filesAhead >= MAX_FILES_AHEAD) await Promise.race([this.#nextFile(), this.#ready.promise]);
      }
      this.post({ kind: "replayed" });
    }
    return this.#ready.promise;
  }

  /** Resolves when the worker has replayed one more file. */
  #nextFile(): Promise<void> {
    return new Promise((resolve) => (this.#fileTaken = resolve));
  }

  /** @param handedOver buffers that are the worker's from now on; everything else is copied */
  post(message: ToEnclave, handedOver: readonly ArrayBuffer[] = []): void {
    if (this.#state !== "ended") this.#worker.postMessage(message, handedOver);
  }

  /** Has what there is signed and stored, and ends. "ended" where the worker was ended by something else before that. */
  async stop(): Promise<"stopped" | "ended"> {
    this.post({ kind: "stop" });
    const how = await this.#stopped.promise;
    await this.kill();
    return how;
  }

  /** Ends the worker at once. What it has said before is still heard, and on disk when this resolves. */
  async kill(): Promise<void> {
    this.#state = "ended";
    this.#stopped.resolve("ended");
    await Promise.race([this.#worker.terminate(), sleep(TERMINATE_MS, undefined, { ref: false })]);
    this.#deaf = true;
    await this.#handling;
    await this.#ledger?.close();
  }

  #receive(message: FromEnclave): void {
    if (this.#deaf) return;
    if (message.kind === "response") {
      this.#events.response(message.id, message.response);
      return;
    }
    this.#handling = this.#handling
      .then(() => this.#handle(message))
      .catch((error: unknown) => {
        this.#end(error, this.#events.failed);
      });
  }

  async #handle(message: Exclude<FromEnclave, { kind: "response" }>): Promise<void> {
    switch (message.kind) {
      case "append":
        this.#ledger?.append(message.seqno, message.entry, message.flags);
        return;
      case "log":
        this.#options.log(message.level, message.line);
        return;
      case "read":
        this.#read(message.id, message.first, message.last);
        return;
      case "identity":
        await this.#events.identity(message.sealed);
        return;
      case "cut":
        await this.#ledger?.cut(message.seqno);
        return;
      case "taken":
        this.#filesAhead--;
        this.#fileTaken();
        return;
      case "ready":
        if (this.#state === "starting") this.#state = "ready";
        this.#ready.resolve(message.tls);
        return;
      case "renewed":
        await this.#events.renewed(message.tls);
        return;
      case "failed":
        this.#end(new EnclaveRefused(message.problem), this.#events.failed);
        return;
      case "stopped":
        this.#stopped.resolve("stopped");
    }
  }

  /** Reading takes its time; other messages need not wait for it. */
  #read(id: number, first: number, last: number): void {
    this.#ledger?.read(first, last).then(
      (entries) => {
        this.post({ kind: "entries", id, entries });
      },
      (error: unknown) => {
        this.post({ kind: "unreadable", id, problem: error instanceof Error ? error.message : String(error) });
      },
    );
  }

  /** Before the worker is ready, an end is the answer to who started it; later it is told. */
  #end(cause: unknown, tell: (error: Error) => void): void {
    if (this.#state === "ended") return;
    const error = cause instanceof Error ? cause : new Error(String(cause));
    const wasReady = this.#state === "ready";
    this.#state = "ended";
    this.#stopped.resolve("ended");
    if (wasReady) tell(error);
    else this.#ready.reject(error);
  }
}

/** The one buffer of the entries; a small one may be part of Node's pool, which cannot be handed over. */
function ownBuffers([first]: readonly Uint8Array[]): ArrayBuffer[] {
  return first && first.buffer.byteLength > Buffer.poolSize ? [first.buffer as ArrayBuffer] : [];
}

type Resolvers<T> = { readonly promise: Promise<T>; readonly resolve: (value: T) => void; readonly reject: (error: Error) => void };

function withResolvers<T>(): Resolvers<T> {
  let resolvers: Omit<Resolvers<T>, "promise"> | undefined;
  const promise = new Promise<T>((resolve, reject) => (resolvers = { resolve, reject }));
  if (!resolvers) throw new Error("a promise runs its executor at once");
  return { promise, ...resolvers };
}
