import { readFile } from "node:fs/promises";

/*
 * A process is named by its number and, where the system tells (Linux), by its start: `PID`, or `PID TICKS BOOT`. The number alone may be
 * another's by now.
 */

/** The name of this process. */
export async function ownName(): Promise<string> {
  const found = await look(process.pid);
  return found ? `${process.pid} ${found.start}` : String(process.pid);
}

/** The number in a name; undefined where there is none. */
export function numberIn(name: string): number | undefined {
  const digits = /^[1-9]\d*(?= |$)/.exec(name)?.[0];
  return digits === undefined ? undefined : Number(digits);
}

/**
 * Whether another process of this name is alive. This one's own number was that of a process before it, in a container that started anew;
 * one that nobody has waited for yet has ended all the same.
 */
export async function isOther(name: string): Promise<boolean> {
  const pid = numberIn(name);
  if (pid === undefined || pid === process.pid || !answers(pid)) return false;
  const found = await look(pid);
  if (!found) return true;
  if (found.state === "Z" || found.state === "X") return false;
  return name === String(pid) || name === `${pid} ${found.start}`;
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** State and start (ticks since which boot) by proc(5); undefined where they are not to be had. */
async function look(pid: number): Promise<{ readonly state: string; readonly start: string } | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    // The second field is a name in parentheses, which may hold anything; state is the third, start the 22nd.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, start] = [fields[0], fields[19]];
    return state === undefined || start === undefined ? undefined : { state, start: `${start} ${boot.trim()}` };
  } catch {
    return undefined;
  }
}
