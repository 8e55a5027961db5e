import type { LogLevel } from "../messages.js";
import type { Store } from "./kv/store.js";
import type { Log } from "./log.js";
import type { SourceMaps } from "./sourceMaps.js";

/** What guests are made of. When one of these changes, what was said of guests before may be true no more, or true again. */
const PROGRAMS = ["public:ccf.gov.modules", "public:ccf.gov.endpoints", "public:ccf.gov.constitution"];

/** Ballots have names of their own, and there is no end of them. */
const MAX_SAID = 1000;

/** What guests log, and what is to be said of them, on its way to the log of the host. */
export class GuestLog {
  readonly #log: Log;
  readonly #store: Store;
  readonly #maps: SourceMaps;
  readonly #said = new Set<string>();
  #programs = "";

  constructor(log: Log, store: Store, maps: SourceMaps) {
    this.#log = log;
    this.#store = store;
    this.#maps = maps;
  }

  /** @param once what the line is about, if it is enough to say that once until another application is installed */
  log(level: LogLevel, line: string, once?: string): void {
    if (once === undefined || this.#isNew(once)) this.#log.write(level, this.#maps.mapped(line));
  }

  #isNew(what: string): boolean {
    const programs = PROGRAMS.map((table) => this.#store.versionOf(table)).join(" ");
    if (programs !== this.#programs || this.#said.size >= MAX_SAID) this.#said.clear();
    this.#programs = programs;
    if (this.#said.has(what)) return false;
    this.#said.add(what);
    return true;
  }
}
