import type { EnclaveOptions, FromEnclave, ToEnclave } from "../messages.js";
import { systemClock, VirtualClock } from "./clock.js";
import { createService } from "./create.js";
import { addNode, writeGenesis, type GenesisNode } from "./gov/genesis.js";
import { tables } from "./gov/tables.js";
import { Identity } from "./identity.js";
import { Ledger } from "./ledger/ledger.js";
import { Replay } from "./ledger/replay.js";
import type { LedgerState } from "./ledger/state.js";
import { HostStorage } from "./hostStorage.js";
import type { HttpRequest } from "./http/message.js";
import { Log } from "./log.js";
import { Progress } from "./progress.js";
import type { Service } from "./service.js";
import { Turns } from "./turns.js";

/** Certificates begin a little in the past, for clients whose clocks are behind. */
const BACKDATE_MS = 60 * 60 * 1000;

const DONE = { status: 204, headers: {} } as const;

/** One run of the enclave: it starts a service, fresh or from a ledger, and then answers requests. */
export class EnclaveProcess {
  readonly #options: EnclaveOptions;
  readonly #post: (message: FromEnclave) => void;
  readonly #log: Log;
  readonly #progress: Progress;
  /** Undefined where time is real. */
  readonly #virtualClock: VirtualClock | undefined;
  readonly #storage: HostStorage;
  /** What is asked of the service, in order. What the host tells of the ledger does not wait for it. */
  readonly #turns = new Turns();
  #replay: { readonly identity: Identity; readonly replay: Replay } | undefined;
  #ledger: Ledger | undefined;
  #service: Service | undefined;
  #identity: Identity | undefined;

  constructor(options: EnclaveOptions, post: (message: FromEnclave) => void) {
    this.#options = options;
    this.#post = post;
    this.#log = new Log((level, line) => {
      post({ kind: "log", level, line });
    });
    this.#storage = new HostStorage(post);
    this.#progress = new Progress(options.progress);
    this.#virtualClock = options.clock && new VirtualClock(options.clock);
  }

  receive(message: ToEnclave): void {
    switch (message.kind) {
      case "request":
      case "sign":
      case "tick":
      case "stop":
        this.#turns.add(() => {
          this.#serve(message);
        });
        return;
      case "persisted":
        this.#ledger?.persisted(message.seqno);
        return;
      case "entries":
      case "unreadable":
        this.#storage.receive(message);
        return;
      default:
        this.#start(message).catch((error: unknown) => {
          this.#replay = undefined; // what follows a bad entry counts for nothing
          this.#post({ kind: "failed", problem: error instanceof Error ? error.message : String(error) });
        });
    }
  }

  #serve(message: Extract<ToEnclave, { kind: "request" | "sign" | "tick" | "stop" }>): void {
    switch (message.kind) {
      case "request":
        this.#answer(message.id, message.request);
        return;
      case "sign":
        this.#sign(message.id);
        return;
      case "tick":
        this.#virtualClock?.tick();
        this.#confirm(message.id);
        return;
      case "stop":
        this.#stop();
    }
  }

  /** The host sends requests only after `ready`. */
  #answer(id: number, request: HttpRequest): void {
    const service = this.#service;
    if (!service) return;
    this.#progress.during(id, () => {
      this.#log.during(id, request, () => {
        this.#post({ kind: "response", id, response: service.handle(request) });
        if (request.path.startsWith("/gov/")) this.#followCertificates();
      });
    });
  }

  /** From the transaction that renews them, signatures and TLS go by the new certificates. */
  #followCertificates(): void {
    const identity = this.#identity;
    if (!identity || !this.#ledger) return;
    const { serviceInfo, nodeCertificates } = tables(this.#ledger.store.begin());
    if (!identity.follow({ service: serviceInfo.get()?.cert, node: nodeCertificates.get(identity.nodeId) })) return;
    this.#post({ kind: "identity", sealed: identity.seal() });
    this.#post({ kind: "renewed", tls: identity.tls() });
  }

  #sign(id: number): void {
    this.#ledger?.sign();
    this.#confirm(id);
  }

  /** Answers when what is signed is committed. */
  #confirm(id: number): void {
    void this.#ledger?.whenCommitted(this.#ledger.lastSignedSeqno).then(() => {
      this.#post({ kind: "response", id, response: DONE });
    });
  }

  async #start(message: Extract<ToEnclave, { kind: "create" | "resume" | "replay" | "replayed" }>): Promise<void> {
    const identityOptions = { hosts: this.#options.hosts, validFrom: new Date(Date.now() - BACKDATE_MS) };
    switch (message.kind) {
      case "create": {
        const identity = Identity.create(identityOptions);
        this.#post({ kind: "identity", sealed: identity.seal() });
        await this.#run(identity, undefined, (ledger) => {
          const tx = ledger.store.begin();
          writeGenesis(tx, {
            ...message.genesis,
            serviceCertificate: identity.serviceCertificate,
            transactionId: `${ledger.currentView}.1`,
            node: this.#node(identity),
          });
          ledger.commit(tx);
          ledger.sign();
        });
        return;
      }
      case "resume": {
        const identity = Identity.unseal(message.sealed, identityOptions);
        this.#replay = { identity, replay: new Replay(identity) };
        return;
      }
      case "replay":
        for (const entry of message.entries) this.#replay?.replay.push(entry);
        this.#post({ kind: "taken" });
        return;
      case "replayed": {
        if (!this.#replay) return;
        const { identity, replay } = this.#replay;
        this.#replay = undefined;
        const state = replay.finish();
        if (state.store.seqno === 0)
          throw new Error("the ledger holds no signed transaction: the service had not begun, and a fresh one needs an empty directory");
        this.#post({ kind: "cut", seqno: state.store.seqno });
        await this.#run(identity, state, (ledger) => {
          const tx = ledger.store.begin();
          addNode(tx, this.#node(identity));
          ledger.commit(tx);
          ledger.sign();
        });
      }
    }
  }

  async #run(identity: Identity, state: LedgerState | undefined, begin: (ledger: Ledger) => void): Promise<void> {
    const clock = this.#virtualClock ?? systemClock;
    const ledger = new Ledger({
      identity,
      storage: this.#storage,
      policy: this.#options.signatures,
      timers: clock,
      ...(state && { state }),
      historical: {
        now: () => performance.now(),
        warn: (line) => {
          this.#log.write("fail", line);
        },
      },
    });
    this.#ledger = ledger;
    begin(ledger);
    const service = await createService({
      identity,
      ledger,
      progress: this.#progress,
      clock,
      options: this.#options,
      log: this.#log,
    });
    // A service that resumes may answer only once its new view is on disk (Ledger); a fresh one waits for its first signature too.
    await ledger.whenCommitted(ledger.lastSignedSeqno);
    this.#service = service;
    this.#identity = identity;
    this.#post({ kind: "ready", tls: identity.tls() });
  }

  #node(identity: Identity): GenesisNode {
    return {
      id: identity.nodeId,
      certificate: identity.nodeCertificate,
      signingRequest: identity.nodeSigningRequest(),
      address: this.#options.address,
    };
  }

  #stop(): void {
    const ledger = this.#ledger;
    this.#service = undefined;
    if (!ledger) {
      this.#post({ kind: "stopped" });
      return;
    }
    if (ledger.lastSignedSeqno < ledger.store.seqno) ledger.sign();
    void ledger.whenCommitted(ledger.lastSignedSeqno).then(() => {
      this.#post({ kind: "stopped" });
    });
  }
}
