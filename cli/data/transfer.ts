import type { Io } from "../io.js";
import type { Summary, Watch } from "../../cleanroom/transfer/progress.js";

/** Milliseconds between two lines of progress. */
const TELL_EVERY = 100;

/** Does a transfer, and shows how far it is where somebody looks on. */
export async function transferring(verb: string, io: Io, act: (watch: Watch) => Promise<Summary>): Promise<Summary> {
  const began = performance.now();
  let told = 0;
  try {
    const summary = await act(({ bytes, totalBytes, files, totalFiles }) => {
      const now = performance.now();
      if (!io.progress || now - told < TELL_EVERY) return;
      told = now;
      const share = totalBytes === 0 ? 100 : Math.floor((100 * bytes) / totalBytes);
      const speed = amount((1000 * bytes) / Math.max(now - began, 1));
      io.progress(`${verb} ${share} % of ${amount(totalBytes)}, ${files} of ${totalFiles} files, ${speed}/s`);
    });
    if (summary.unsealed > 0) {
      io.note(
        `${summary.unsealed} of ${summary.done} files carry no seal, as those that a clean room writes: their blocks were checked, their order was not`,
      );
    }
    return summary;
  } finally {
    io.progress?.("");
  }
}

/** The result as a person reads it. */
export function summaryText(done: string): (summary: Summary) => string {
  return ({ done: files, unchanged, bytes }) => {
    const rest = unchanged > 0 ? `, ${unchanged} unchanged` : "";
    return `${files} ${files === 1 ? "file" : "files"} ${done} (${amount(bytes)})${rest}\n`;
  };
}

/** Three significant digits, in powers of 1000. */
function amount(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(Math.floor(Math.log10(bytes) / 3), units.length - 1);
  return `${(bytes / 1000 ** power).toLocaleString("en-US", { maximumSignificantDigits: 3 })} ${units[power] ?? ""}`;
}
