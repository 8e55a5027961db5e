import { createHash } from "node:crypto";
import { Answer, seqnoOf } from "./answer.js";
import { isObject, plain } from "./json.js";
import type { Normaliser } from "./normaliser.js";
import type { RecordOptions, Step } from "./step.js";

/** Headers that are compared, besides all `x-*`; of the transaction id, only what it says about writes. */
const HEADERS = new Set([
  "content-type",
  "www-authenticate",
  "allow",
  "location",
  "retry-after",
  "cache-control",
  "content-encoding",
  "etag",
  "content-range",
  "accept-ranges",
  "set-cookie",
  "ccf-snapshot-name",
]);
const TX_HEADER = "x-ms-ccf-transaction-id";

/** Characters that no text has. */
const BINARY = /[\x00-\x08\x0e-\x1f\ufffd]/;
/** From these lengths on, a body is recorded by its digest: characters of a text, bytes of anything else. */
const LONG_TEXT = 4000;
const LONG_BODY = 200;

/** The steps of a scenario, as they are compared. */
export class Transcript {
  readonly steps: Step[] = [];
  readonly #names: Normaliser;
  #lastWrite = 0;

  constructor(names: Normaliser) {
    this.#names = names;
  }

  answer(label: string, request: string, answer: Answer, options: RecordOptions): void {
    const headers = this.#headers(answer, options);
    const { proposalId } = answer;
    if (proposalId !== "" && answer.field("proposalState") !== "") this.#names.count("proposal", proposalId);
    this.#add({
      label,
      req: this.#names.text(request),
      status: answer.status,
      headers,
      ...(answer.failure !== undefined && { error: "connection error" }),
      body: this.#body(answer, options),
      soft: options.soft,
    });
  }

  /** A fact that is not a response. */
  note(label: string, fact: unknown, { soft, ...exactness }: RecordOptions): void {
    this.#add({ label, note: this.#names.value(fact, exactness), soft });
  }

  #add(step: { readonly [Field in keyof Step]: unknown }): void {
    this.steps.push(plain(step) as unknown as Step);
  }

  #headers({ headers }: Answer, options: RecordOptions): Record<string, string> {
    const kept: Record<string, string> = {};
    for (const [name, value] of Object.entries(headers)) {
      if (name === TX_HEADER) kept[name] = this.#transaction(String(value), options);
      else if (HEADERS.has(name) || name.startsWith("x-")) kept[name] = this.#names.text(String(value), options);
    }
    return kept;
  }

  #transaction(tx: string, { write }: RecordOptions): string {
    this.#names.addTransaction(tx);
    const seqno = seqnoOf(tx);
    const isNew = seqno > this.#lastWrite;
    this.#lastWrite = Math.max(this.#lastWrite, seqno);
    if (!write) return "<tx>";
    return isNew ? "<tx:new>" : "<tx:old>";
  }

  #body({ status, json, text, body }: Answer, options: RecordOptions): unknown {
    if (options.pick && status < 300) return { json: this.#names.value(options.pick((json ?? text) as never), options) };
    if (json !== undefined) return { json: withoutMessage(this.#names.value(json, options), options) };
    if (body.length === 0) return null;
    if (BINARY.test(text)) return { hex: body.length > LONG_BODY ? digest(body) : body.toString("hex") };
    return { text: text.length > LONG_TEXT ? digest(body) : this.#names.text(text, options) };
  }
}

const digest = (body: Buffer): string => `len=${body.length} sha256=${createHash("sha256").update(body).digest("hex")}`;

function withoutMessage(json: unknown, { anyMessage }: RecordOptions): unknown {
  if (!anyMessage || !isObject(json) || !isObject(json.error)) return json;
  return { ...json, error: { ...json.error, message: "<any>" } };
}
