import type { Option } from "../command.js";
import { UsageError } from "../failure.js";

/** A TCP port that has to be given. */
export const port = (flags: string, description: string): Option<number> => ({
  flags,
  description,
  required: true,
  parse: parsePort,
  read: (raw) => raw as number,
});

/** @throws UsageError */
export function parsePort(text: string): number {
  const value = Number(text);
  if (/^\d{1,5}$/.test(text) && value <= 65535) return value;
  throw new UsageError(`"${text}" is no port: give a number from 0 to 65535`);
}
