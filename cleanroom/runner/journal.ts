import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";

/** What a step was about: names and numbers, never what was released or read. */
export type Facts = Readonly<Record<string, string | number>>;

type Span = {
  readonly name: string;
  readonly facts: Facts;
  /** Milliseconds since 1970. */
  readonly began: number;
  readonly ended: number;
  /** The code of a failure. */
  readonly failure: string | undefined;
};

/** What a clean room has done, for its infrastructure telemetry: traces of OpenTelemetry. */
export class Journal {
  readonly #spans: Span[] = [];
  readonly #trace = randomBytes(16).toString("hex");

  constructor(readonly room: Facts) {}

  /** Does a step, and writes down when, and whether it failed. @param more what is known of it at its end */
  async step<T>(name: string, facts: Facts, work: () => Promise<T>, more: (result: T) => Facts = () => ({})): Promise<T> {
    const began = Date.now();
    const done = (all: Facts, failure?: string): void => {
      this.#spans.push({ name, facts: all, began, ended: Date.now(), failure });
    };
    try {
      const result = await work();
      done({ ...facts, ...more(result) });
      return result;
    } catch (error) {
      done(facts, codeOf(error));
      throw error;
    }
  }

  /** One line of OTLP (JSON) for each step: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding */
  async write(file: string): Promise<void> {
    const lines = this.#spans.map((span) => `${JSON.stringify(this.#request(span))}\n`);
    await writeFile(file, lines.join(""), { mode: 0o600 });
  }

  #request({ name, facts, began, ended, failure }: Span): object {
    const span = {
      traceId: this.#trace,
      spanId: randomBytes(8).toString("hex"),
      name,
      kind: 1,
      startTimeUnixNano: nanoseconds(began),
      endTimeUnixNano: nanoseconds(ended),
      attributes: attributesOf(facts),
      status: failure === undefined ? { code: 1 } : { code: 2, message: failure },
    };
    const resource = { attributes: attributesOf({ "service.name": "cleanroom-runner", ...this.room }) };
    return { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: "cleanroom.runner" }, spans: [span] }] }] };
  }
}

function attributesOf(facts: Facts): object[] {
  return Object.entries(facts).map(([key, value]) => ({
    key,
    value: typeof value === "string" ? { stringValue: value } : { intValue: String(value) },
  }));
}

function nanoseconds(milliseconds: number): string {
  return `${milliseconds}000000`;
}

/** Messages of errors may quote what they are about; codes do not. */
function codeOf(error: unknown): string {
  const { code, name } = (error instanceof Error ? error : {}) as { readonly code?: unknown; readonly name?: string };
  return typeof code === "string" ? code : (name ?? "Error");
}
