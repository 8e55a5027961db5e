import { availableParallelism } from "node:os";
import { DataError } from "../blocks/dataError.js";

/** More would only add memory: one core encrypts faster than most disks and networks take it. */
const MOST = 8;

/** Files beyond these are only counted. */
const NAMED = 10;

/**
 * Works on several files at once. A file that is damaged does not keep the others from being done; any other failure ends the work, once
 * what was begun has ended; so does a disk that takes no more.
 *
 * @throws DataError that names the files that failed, or the other failure
 */
export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const damaged: DataError[] = [];
  const others: unknown[] = [];
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) {
      if (others.length > 0) return;
      await work(item).catch((error: unknown) => {
        if (error instanceof DataError && error.code !== "NotWritten") damaged.push(error);
        else others.push(error);
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), MOST, items.length) }, worker));
  if (others.length > 0) throw others[0];
  const [first] = damaged;
  if (!first) return;
  if (damaged.length === 1) throw first;
  const all = damaged.map(({ firstLine }) => firstLine).sort();
  const lines = all.length > NAMED ? [...all.slice(0, NAMED), `and ${all.length - NAMED} more`] : all;
  throw new DataError("Several", `${damaged.length} of ${items.length} files failed:`, { lines });
}
