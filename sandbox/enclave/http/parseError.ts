/** What the JSON library of CCF (nlohmann, `parse_error.101`) says of a text that JSON.parse refused. */
export const parseErrorText = (text: string, error: Error): string => `[json.exception.parse_error.101] ${describe(text, error)}`;

function describe(text: string, error: Error): string {
  const start = text.length - text.trimStart().length;
  const rest = text.slice(start);
  if (rest === "") {
    return `${place(text, start)}: attempting to parse an empty input; check that your input string or stream contains the expected JSON`;
  }
  const invalid = invalidLiteral(rest);
  if (invalid !== undefined) {
    return `${place(text, start + invalid.length - 1)}: syntax error while parsing value - invalid literal; last read: '${invalid}'`;
  }
  const position = Number(/position (\d+)/.exec(error.message)?.[1] ?? text.length);
  return `${place(text, position)}: syntax error while parsing value - ${error.message}`;
}

/** What has been read of a value when its first character, or one inside `true`, `false` or `null`, cannot stand there. */
function invalidLiteral(text: string): string | undefined {
  const first = text.charAt(0);
  const literal = ["true", "false", "null"].find((word) => word.startsWith(first));
  if (literal === undefined) return /^[-\d"{[]/.test(first) ? undefined : first;
  for (let end = 1; end <= literal.length; end++) if (!literal.startsWith(text.slice(0, end))) return text.slice(0, end);
  return undefined;
}

function place(text: string, position: number): string {
  const before = text.slice(0, position).split("\n");
  return `parse error at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
