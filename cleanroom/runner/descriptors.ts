import { closeSync, openSync, readdirSync, readFileSync } from "node:fs";

/** Octal, as `/proc/PID/fdinfo` has it: the descriptor does not outlive an exec. */
const CLOSE_ON_EXEC = 0o2000000;

/** `null` for what is dealt with by its place; a number is a descriptor of this process; `ignore` is one that is not there. */
type Place = "ignore" | "pipe" | number;

/**
 * Starts a process with these descriptors and no others. What this process was itself started with would be handed on: a folder of the machine or a
 * pipe of the shell that called it. In a child nothing can be closed before it starts, so each such descriptor leads to /dev/null.
 *
 * @param wanted from descriptor 0 on
 */
export function withoutOthers<T>(wanted: readonly Place[], start: (stdio: Place[]) => T): T {
  const others = inherited().filter((descriptor) => descriptor >= wanted.length);
  if (others.length === 0) return start([...wanted]);
  const nothing = openSync("/dev/null", "r+");
  try {
    const last = Math.max(...others);
    const rest = Array.from({ length: last + 1 - wanted.length }, (_, index) =>
      others.includes(wanted.length + index) ? nothing : ("ignore" as const),
    );
    return start([...wanted, ...rest]);
  } finally {
    closeSync(nothing);
  }
}

/** The descriptors of this process that its children have as well. */
function inherited(): number[] {
  return readdirSync("/dev/fd").map(Number).filter(isHandedOn);
}

function isHandedOn(descriptor: number): boolean {
  try {
    const [, flags = "0"] = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8")) ?? [];
    return (parseInt(flags, 8) & CLOSE_ON_EXEC) === 0;
  } catch {
    return false; // the one that the list itself was read by
  }
}
