/** By the names that nlohmann's messages give them. */
export type Token =
  | "'['"
  | "']'"
  | "'{'"
  | "'}'"
  | "':'"
  | "','"
  | "true literal"
  | "false literal"
  | "null literal"
  | "string literal"
  | "number literal"
  | "end of input"
  | "error";

const END = -1;
const LINE_FEED = 10;

/** Takes JSON apart as nlohmann's lexer does (`detail/input/lexer.hpp`), for its messages: it counts, and shows, bytes. */
export class JsonLexer {
  readonly #bytes: Buffer;
  #at = 0;
  #lines = 0;
  #column = 0;
  /** What was read since the last string or number began. */
  #read: number[] = [];
  /** Of the last token, when that was an error. */
  problem = "";

  constructor(text: string) {
    this.#bytes = Buffer.from(text);
  }

  /** Where reading has come to: the column is that of the last byte, and one more at the end of the text. */
  get place(): string {
    return `line ${this.#lines + 1}, column ${this.#column}`;
  }

  get lastRead(): string {
    const bytes = this.#read.flatMap((byte) => (byte < 32 ? [...Buffer.from(`<U+${hex(byte)}>`)] : [byte]));
    return Buffer.from(bytes).toString();
  }

  get empty(): boolean {
    return this.#bytes.length === 0;
  }

  next(): Token {
    let byte = this.#get();
    while (byte === 32 || byte === 9 || byte === LINE_FEED || byte === 13) byte = this.#get();
    if (byte === END) return "end of input";
    const char = String.fromCharCode(byte);
    if ("[]{}:,".includes(char)) return `'${char}'` as Token;
    const literal = ["true", "false", "null"].find((word) => word.startsWith(char));
    if (literal !== undefined) return this.#literal(literal);
    if (char === '"') return this.#string(byte);
    if (char === "-" || isDigit(byte)) return this.#number(byte);
    return this.#error("invalid literal");
  }

  #literal(word: string): Token {
    for (const char of word.slice(1)) if (this.#get() !== char.charCodeAt(0)) return this.#error("invalid literal");
    return `${word} literal` as Token;
  }

  #string(quote: number): Token {
    this.#read = [quote];
    for (;;) {
      const byte = this.#get();
      if (byte === END) return this.#error("invalid string: missing closing quote");
      if (byte === quote) return "string literal";
      if (byte < 32) return this.#error(`invalid string: ${controlCharacter(byte)}`);
      if (byte !== 92) continue;
      const escaped = String.fromCharCode(Math.max(this.#get(), 0));
      if (escaped === "u") {
        for (let i = 0; i < 4; i++) {
          if (!isHex(this.#get())) return this.#error("invalid string: '\\u' must be followed by 4 hex digits");
        }
      } else if (!'"\\/bfnrt'.includes(escaped)) return this.#error("invalid string: forbidden character after backslash");
    }
  }

  #number(first: number): Token {
    this.#read = [first];
    let byte = first;
    const digits = (): boolean => {
      const some = isDigit(byte);
      while (isDigit(byte)) byte = this.#get();
      return some;
    };
    if (byte === 45) {
      byte = this.#get();
      if (!isDigit(byte)) return this.#error("invalid number; expected digit after '-'");
    }
    if (byte === 48) byte = this.#get();
    else digits();
    if (byte === 46) {
      byte = this.#get();
      if (!digits()) return this.#error("invalid number; expected digit after '.'");
    }
    if (byte === 69 || byte === 101) {
      byte = this.#get();
      const signed = byte === 43 || byte === 45;
      if (signed) byte = this.#get();
      const expected = signed ? "digit after exponent sign" : "'+', '-', or digit after exponent";
      if (!digits()) return this.#error(`invalid number; expected ${expected}`);
    }
    this.#unget(byte);
    return "number literal";
  }

  #error(problem: string): Token {
    this.problem = problem;
    return "error";
  }

  #get(): number {
    const byte = this.#bytes[this.#at++] ?? END;
    this.#column++;
    if (byte !== END) this.#read.push(byte);
    if (byte === LINE_FEED) {
      this.#lines++;
      this.#column = 0;
    }
    return byte;
  }

  #unget(byte: number): void {
    this.#at--;
    if (byte !== END) this.#read.pop();
    if (byte === LINE_FEED) this.#lines--;
    else this.#column--;
  }
}

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;

const isHex = (byte: number): boolean => byte !== END && /[0-9A-Fa-f]/.test(String.fromCharCode(byte));

const hex = (byte: number): string => byte.toString(16).toUpperCase().padStart(4, "0");

const NAMES = "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US".split(
  " ",
);

const ESCAPES: Readonly<Record<number, string>> = { 8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r" };

function controlCharacter(byte: number): string {
  const short = ESCAPES[byte];
  return `control character U+${hex(byte)} (${NAMES[byte]}) must be escaped to \\u${hex(byte)}${short === undefined ? "" : ` or ${short}`}`;
}
