import { isMap, isScalar, LineCounter, parseDocument, type Document, type Node } from "yaml";
import { CommandError } from "../../failure.js";

/** Keys of maps and indices of lists, from the top of a file to a value in it. */
export type Path = readonly (string | number)[];

/** A YAML file, and where in it things stand. */
export type LocatedYaml = {
  readonly file: string;
  readonly document: Document;
  /** The content as JSON; fields that are null are absent. */
  readonly content: unknown;
  /** `FILE:LINE:COLUMN` of a value, of the key that a path ends with, or of what comes nearest to it. */
  readonly at: (path: Path) => string;
};

/** @throws CommandError when the text is no YAML, which says where */
export function parseYaml(file: string, text: string): LocatedYaml {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  const placeOf = (offset: number): string => {
    const { line, col } = lineCounter.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  const [fault] = document.errors;
  if (fault) throw new CommandError(`${placeOf(fault.pos[0])}: not YAML: ${fault.message}`);
  return { file, document, content: contentOf(file, document), at: (path) => placeOf(offsetOf(document, path)) };
}

function contentOf(file: string, document: Document): unknown {
  try {
    return withoutNulls(document.toJS());
  } catch (cause) {
    throw new CommandError(`${file}: not a configuration: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutNulls(inner)]));
}

/** Where the key of a value stands, of an element of a list the element itself. */
function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const last = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(last));
      const key = pair?.key as Node | undefined;
      if (key?.range) return key.range[0];
    } else {
      const node = document.getIn(path.slice(0, length), true) as Node | undefined;
      if (node?.range) return node.range[0];
    }
  }
  return document.contents?.range?.[0] ?? 0;
}
