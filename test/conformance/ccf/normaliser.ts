import type { Identity } from "./identity.js";
import { isObject } from "./json.js";
import type { Exactness } from "./step.js";

/** Names of values that are others in every run. */
export class Names {
  readonly #names = new Map<string, string>();

  set(value: string, name: string): void {
    this.#names.set(value, `<${name}>`);
  }

  /** With and without the newline at its end. */
  setCertificate(pem: string, name: string): void {
    this.set(pem, `cert:${name}`);
    this.set(pem.trimEnd(), `cert:${name}`);
  }

  setIdentity({ id, cert }: Identity, name: string): void {
    this.set(id, name);
    this.setCertificate(cert, name.replace(/^user:/, ""));
  }

  get(value: string): string | undefined {
    return this.#names.get(value);
  }

  applyTo(text: string): string {
    let result = text;
    for (const [value, name] of this.#names) if (value.length >= SHORTEST) result = result.replaceAll(value, () => name);
    return result;
  }
}

/** Shorter values could be part of anything. */
const SHORTEST = 8;

/** Fields whose value is a transaction id, also of a transaction that the scenario has not seen. */
const TX_FIELD =
  /^(transaction_?id|creationTransactionId|previousServiceCreationTransactionId|current_service_create_txid|last_signed|tx)$/i;
const TX = /^\d+\.\d+$/;
const PEM = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----\n?/g;
const DIGEST = /\b[0-9a-f]{64}\b/g;
const LONG_HEX = /\b[0-9a-f]{96,}\b/g;
const TRACE = /\s*(?: {4}at [^\n]*(?:\n|$))+/g;
const UNIX_TIME = /\b1[6-9]\d{8}\b/g;
const ISO_DATE = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?\b/g;
const isUnixTime = (value: number): boolean => Number.isInteger(value) && value > 1.6e9 && value < 2e9;

/** Puts names in the place of what no two runs have in common: ids, certificates, times, transactions (see README.md). */
export class Normaliser extends Names {
  readonly #service: Names;
  readonly #host: string;
  readonly #counts = new Map<string, number>();
  readonly #transactions = new Set<string>();

  /** @param service names that all scenarios of a service share @param host of the service, with its port */
  constructor(service: Names, host: string) {
    super();
    this.#service = service;
    this.#host = host;
  }

  addTransaction(tx: string): void {
    this.#transactions.add(tx);
  }

  /** Names a value by its kind and how many of that kind came before it; a value that has a name keeps it. */
  count(kind: string, value: string): string {
    const known = this.get(value) ?? this.#service.get(value);
    if (known !== undefined) return known;
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    this.set(value, `${kind}#${count}`);
    return `<${kind}#${count}>`;
  }

  text(given: string, { keepHex, keepPem, keepTime }: Exactness = {}): string {
    if (given === "") return given;
    let text = this.#service.applyTo(this.applyTo(given));
    if (!keepPem) text = text.replace(PEM, (_, label: string) => `<pem ${label}>`);
    if (!keepHex) {
      text = text.replace(DIGEST, (digest) => this.count("hex64", digest));
      text = text.replace(LONG_HEX, (digits) => `<hex${digits.length}>`);
    }
    text = text.replaceAll(this.#host, "<host>").replace(TRACE, " <trace>");
    if (!keepTime) text = text.replace(UNIX_TIME, "<time>").replace(ISO_DATE, "<date>");
    for (const tx of this.#transactions) {
      text = text.replace(new RegExp(`(?<![\\d.])${tx.replace(".", "\\.")}(?![\\d.])`, "g"), "<tx>");
    }
    return text;
  }

  value(given: unknown, exactness: Exactness = {}, field = ""): unknown {
    if (typeof given === "string") {
      if (TX_FIELD.test(field) && TX.test(given)) return "<tx>";
      return field === "trace" ? "<trace>" : this.text(given, exactness);
    }
    if (Array.isArray(given)) return given.map((item) => this.value(item, exactness, field));
    if (isObject(given)) {
      return Object.fromEntries(
        Object.entries(given).map(([name, value]) => [this.text(name, exactness), this.value(value, exactness, name)]),
      );
    }
    return typeof given === "number" && !exactness.keepTime && isUnixTime(given) ? "<time>" : given;
  }
}
