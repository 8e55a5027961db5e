import { JsonLexer, type Token } from "./jsonLexer.js";

/**
 * What the JSON library of CCF (nlohmann, `parse_error.101`) says of a text that JSON.parse refused: the same under every version of Node,
 * whose own words change.
 */
export const parseErrorText = (text: string): string => `[json.exception.parse_error.101] parse error at ${problemOf(new JsonLexer(text))}`;

const VALUE = "'[', '{', or a literal";

/** Reads as nlohmann's parser does, up to the first problem. */
function problemOf(lexer: JsonLexer): string {
  const open: ("array" | "object")[] = [];
  let token = lexer.next();
  const refuse = (context: string, expected?: string): string => {
    const what = token === "error" ? `${lexer.problem}; last read: '${lexer.lastRead}'` : `unexpected ${token}`;
    return `${lexer.place}: syntax error while parsing ${context} - ${what}${expected === undefined ? "" : `; expected ${expected}`}`;
  };
  /** A key and its colon, from the key on; undefined when they are there. */
  const refuseKey = (): string | undefined => {
    if (token !== "string literal") return refuse("object key", "string literal");
    token = lexer.next();
    return token === "':'" ? undefined : refuse("object separator", "':'");
  };

  for (;;) {
    if (token === "'{'" || token === "'['") {
      const kind = token === "'{'" ? "object" : "array";
      token = lexer.next();
      if (token !== CLOSING[kind]) {
        open.push(kind);
        if (kind === "array") continue;
        const problem = refuseKey();
        if (problem !== undefined) return problem;
        token = lexer.next();
        continue;
      }
    } else if (token === "end of input" && lexer.empty) {
      const advice = "check that your input string or stream contains the expected JSON";
      return `${lexer.place}: attempting to parse an empty input; ${advice}`;
    } else if (!LITERALS.has(token)) return refuse("value", token === "error" ? undefined : VALUE);

    // A value has ended: what it stands in goes on, or ends as well.
    for (;;) {
      const kind = open.at(-1);
      token = lexer.next();
      if (kind === undefined) return refuse("value", "end of input");
      if (token === "','") break;
      if (token !== CLOSING[kind]) return refuse(kind, CLOSING[kind]);
      open.pop();
    }
    token = lexer.next();
    if (open.at(-1) === "object") {
      const problem = refuseKey();
      if (problem !== undefined) return problem;
      token = lexer.next();
    }
  }
}

const CLOSING = { array: "']'", object: "'}'" } as const;

const LITERALS: ReadonlySet<Token> = new Set<Token>(["string literal", "number literal", "true literal", "false literal", "null literal"]);
