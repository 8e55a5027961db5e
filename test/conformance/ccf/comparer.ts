import { isObject } from "./json.js";
import type { Recording } from "./step.js";

/** `message`: a text for people, or a value that the recording declares soft. */
export type Severity = "hard" | "message";

export type Mismatch = {
  readonly severity: Severity;
  /** Label of the step. */
  readonly step: string;
  /** How many steps came before it. */
  readonly index: number;
  /** Of the value in the step: `body.json.error.code`. */
  readonly path: string;
  /** JSON, shortened. */
  readonly expected: string;
  readonly actual: string;
};

type Difference = Pick<Mismatch, "severity" | "path" | "expected" | "actual">;

const TEXTS = new Set(["message", "reason", "trace"]);
const ABSENT = "(absent)";
const SHOWN = 300;

/** What a run did otherwise than the recording. */
export function compare(recorded: Recording, played: Recording): Mismatch[] {
  const mismatches: Mismatch[] = [];
  if (played.crashed !== undefined) {
    mismatches.push({ severity: "hard", step: "(scenario)", index: 0, path: "crash", expected: "no exception", actual: played.crashed });
  }
  for (let index = 0; index < Math.max(recorded.steps.length, played.steps.length); index++) {
    const [was, is] = [recorded.steps[index], played.steps[index]];
    const step = (was ?? is)?.label ?? "";
    for (const difference of was && is ? differences(was, is) : [missing(was !== undefined)])
      mismatches.push({ ...difference, step, index });
  }
  return mismatches;
}

const missing = (recorded: boolean): Difference => {
  const [expected, actual] = recorded ? ["present", ABSENT] : [ABSENT, "present"];
  return { severity: "hard", path: "step", expected, actual };
};

function differences(was: Recording["steps"][number], is: Recording["steps"][number]): Difference[] {
  const found: Difference[] = [];
  const { soft = [] } = was;
  const isSoft = (path: string): boolean => soft.some((one) => path === one || path.startsWith(`${one}.`) || path.startsWith(`${one}[`));
  walk({ ...was, req: undefined, soft: undefined }, { ...is, req: undefined, soft: undefined }, "", false);
  return found;

  function walk(a: unknown, b: unknown, path: string, isText: boolean): void {
    const message = isText || isSoft(path);
    if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
      a.forEach((item, i) => {
        walk(item, b[i], `${path}[${i}]`, message);
      });
    } else if (isObject(a) && isObject(b)) {
      for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
        const [x, y] = [a[name], b[name]];
        const text = TEXTS.has(name) && typeof x === "string" && typeof y === "string";
        const both = Object.hasOwn(a, name) && Object.hasOwn(b, name);
        if (both) walk(x, y, `${path}.${name}`, message || text);
        else add(`${path}.${name}`, x, y, message);
      }
    } else if (a !== b) add(path, a, b, message);
  }

  function add(path: string, a: unknown, b: unknown, message: boolean): void {
    found.push({ severity: message ? "message" : "hard", path: path.slice(1), expected: show(a), actual: show(b) });
  }
}

function show(value: unknown): string {
  const text = value === undefined ? ABSENT : JSON.stringify(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}
