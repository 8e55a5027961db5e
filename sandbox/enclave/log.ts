import type { LogLevel } from "../messages.js";
import type { HttpRequest } from "./http/message.js";

/** Guests write to the log of the host, and may write much. In characters of what is written at once. */
const MAX_TEXT = 10_000;
const MAX_TAG = 200;

/** Lines for the log of the host; while a request is handled, each tells which. */
export class Log {
  readonly #post: (level: LogLevel, line: string) => void;
  #request: { readonly id: number; readonly tag: string } | undefined;

  constructor(post: (level: LogLevel, line: string) => void) {
    this.#post = post;
  }

  /** Each line of the text begins with number, method and path of the request. */
  write(level: LogLevel, text: string): void {
    const tag = this.#request?.tag ?? "";
    for (const line of shortened(text.replace(/\n$/, "")).split("\n")) this.#post(level, tag + visible(line));
  }

  /** A line that tells of the request itself, and begins with its number. */
  writeOf(line: string): void {
    this.#post("info", `[#${this.#request?.id ?? 0}] ${visible(shortened(line))}`);
  }

  /** Handles a request, which does not wait for anything. */
  during(id: number, request: HttpRequest, handle: () => void): void {
    this.#request = { id, tag: tagOf(id, request) };
    try {
      handle();
    } finally {
      this.#request = undefined;
    }
  }
}

/** Ids of members and proposals, which fill a line. */
const LONG_ID = /\b([0-9a-f]{8})[0-9a-f]{56}\b/g;

/** The path is the client's, and may be anything. The query, which may hold secrets, is not part of it. */
function tagOf(id: number, { method, path }: HttpRequest): string {
  const shown = `${method} ${path}`.replaceAll(LONG_ID, "$1..").replaceAll(/[^\x20-\x7e]/g, "?");
  return `[#${id} ${shown.slice(0, MAX_TAG)}] `;
}

/** What would not be seen for what it is: control characters but the tabulator, other ends of lines, and what turns the direction of text. */
const HIDDEN = /(?!\t)[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

const visible = (line: string): string => line.replaceAll(HIDDEN, (c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`);

const shortened = (line: string): string =>
  line.length <= MAX_TEXT ? line : `${line.slice(0, MAX_TEXT)} [${line.length - MAX_TEXT} characters more]`;
