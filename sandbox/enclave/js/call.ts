import type { ExecutionContext } from "../kv/permissions.js";
import type { ReadableTable, Table } from "../kv/table.js";
import type { Transaction } from "../kv/transaction.js";
import type { GovernanceEffects, GuestServices, HistoricalState, OnRead, RuntimeOptions } from "./host.js";
import { Response } from "./response.js";
import { InternalError } from "./values.js";
import { WARNINGS, type Warning } from "./warnings.js";

export type CallOptions = {
  /** What is called, as warnings name it. */
  readonly subject: string;
  readonly context: ExecutionContext;
  readonly tx: Transaction;
  readonly services: GuestServices;
  readonly options: RuntimeOptions;
  /** What `apply` may cause. */
  readonly effects?: GovernanceEffects | undefined;
  /** Body of the request. */
  readonly body?: Uint8Array;
  readonly onRead?: OnRead | undefined;
};

const NO_BODY = new Uint8Array();

/** What one call into a guest may use, and what the guest has asked for so far. Host functions see nothing of any other call. */
export class Call {
  readonly context: ExecutionContext;
  readonly tx: Transaction;
  readonly services: GuestServices;
  readonly options: RuntimeOptions;
  readonly effects: GovernanceEffects | undefined;
  readonly body: Uint8Array;
  readonly onRead: OnRead | undefined;

  /** `ccf.rpc.setApplyWrites`. */
  applyWrites: boolean | undefined;
  /** `ccf.enableUntrustedDateTime`. */
  untrustedTime = false;
  /** `ccf.enableMetricsLogging`; nothing is measured here, the guest only reads back what it set. */
  metricsLogging = true;
  /** What CCF throws past the guest; see `Outcome`. */
  fault: string | undefined;
  /** What an endpoint returned, as far as it has been read. */
  readonly response = new Response();
  /** What `forEach` has yet to visit, by cursor. */
  readonly cursors = new Map<number, Iterator<readonly [value: Uint8Array, key: Uint8Array]>>();
  /** Past states that the guest can see. Scope 0 of a table is the transaction, scope n is `states[n - 1]`. */
  readonly states: HistoricalState[] = [];
  /** Whether a module is being evaluated. */
  evaluating = false;
  readonly #subject: string;
  readonly #warned = new Set<string>();
  readonly #tables = new Map<string, Table>();

  constructor({ subject, context, tx, services, options, effects, body = NO_BODY, onRead }: CallOptions) {
    this.#subject = subject;
    this.context = context;
    this.tx = tx;
    this.services = services;
    this.options = options;
    this.effects = effects;
    this.body = body;
    this.onRead = onRead;
  }

  /** What `Date` shows: the epoch, unless the guest has asked for the time of the host. Milliseconds since then. */
  time(): number {
    if (this.untrustedTime) return this.services.now();
    this.warn("clock");
    return 0;
  }

  /** Tells whoever reads the log that the guest may not do on CCF what its author thinks. */
  warn(warning: Warning): void {
    this.warnOf(warning, WARNINGS[warning]);
  }

  /** @param about what is said, for it is said once */
  warnOf(about: string, text: string): void {
    if (this.#warned.has(about)) return; // guests may do it in a loop
    this.#warned.add(about);
    this.services.log("fail", `warning: ${this.#subject} ${text}`, `${about} ${this.#subject}`);
  }

  table(name: string): Table {
    let table = this.#tables.get(name);
    if (!table) this.#tables.set(name, (table = this.tx.table(name)));
    return table;
  }

  /** @throws InternalError for a state that the guest kept from an earlier call */
  pastTable(scope: number, name: string): ReadableTable {
    const state = this.states[scope - 1];
    if (!state) throw new InternalError("Internal: Unable to access MapHandle");
    return state.table(name);
  }
}
