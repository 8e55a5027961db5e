import type { Json } from "./json.js";
import type { RequestOptions } from "./client.js";

/** What a recording keeps of one request, or a fact that the scenario worked out. */
export type Step = {
  readonly label: string;
  /** For readers; not compared. */
  readonly req?: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** There was no answer. */
  readonly error?: string;
  readonly body?: Json;
  readonly note?: Json;
  /** Paths whose values may differ, with all below them: differences there are of severity `message`. */
  readonly soft?: readonly string[];
};

export type Recording = {
  readonly steps: readonly Step[];
  /** The exception that ended the scenario. */
  readonly crashed?: string;
};

/** What of an answer is kept as it is. */
export type Exactness = {
  readonly keepHex?: boolean;
  readonly keepPem?: boolean;
  readonly keepTime?: boolean;
};

/** How one step is recorded. */
export type RecordOptions = Exactness & {
  readonly soft?: readonly string[];
  /** The request writes: whether its transaction is a later one than those before is recorded. */
  readonly write?: boolean;
  /** Of a successful answer, what is recorded; called with the JSON, or the text where there is none. Says itself what it expects. */
  readonly pick?: (answer: never) => unknown;
  /** CCF's own message is not reproducible. */
  readonly anyMessage?: boolean;
};

export type StepOptions = RequestOptions & RecordOptions;

/** A request to an operation of the installed application. */
export type CallOptions = Omit<StepOptions, "body"> & {
  /** The operation's name unless given. */
  readonly label?: string;
  /** The first of the operation's verbs unless given. */
  readonly method?: string;
  /** The operation's path unless given. */
  readonly path?: string;
  readonly query?: string;
  /** Objects and arrays are sent as JSON. */
  readonly body?: unknown;
};
