import type { Io, Terminal } from "../io.js";
import type { Summary, Watch } from "../../cleanroom/transfer/progress.js";

/** Columns that all that can be told fits into. */
const WIDE = 100;

/** Does a transfer, and shows how far it is where somebody looks on. */
export async function transferring(verb: string, io: Io, act: (watch: Watch) => Promise<Summary>): Promise<Summary> {
  const bar = io.terminal && (await barOn(io.terminal, verb));
  let summary: Summary;
  try {
    summary = await act((state) => bar?.show(state));
  } finally {
    bar?.clear();
  }
  if (summary.unsealed > 0) {
    io.note(
      `${summary.unsealed} of ${summary.done} files carry no seal, as those that a clean room writes: their blocks were checked, their order was not`,
    );
  }
  return summary;
}

type Bar = { readonly show: Watch; readonly clear: () => void };

/** A bar that is gone when the transfer is over. What draws it is loaded only where there is a terminal. */
async function barOn(stream: Terminal, verb: string): Promise<Bar> {
  const { default: progress } = await import("cli-progress");
  const wide = (stream.columns ?? 0) >= WIDE;
  const bar = new progress.SingleBar(
    {
      stream,
      format: `${verb} {bar} {percentage} %${wide ? " of {size}, {files} of {totalFiles} files, {speed}/s, {eta_formatted} left" : ""}`,
      barsize: 20,
      clearOnComplete: true,
      etaBuffer: 5000, // of chunks: what is left is told from the last few hundred megabytes
      // Both would be in the way of Ctrl-C: a terminal that no longer breaks lines, or a command that goes on.
      linewrap: true,
      gracefulExit: false,
    },
    progress.Presets.shades_classic,
  );
  const began = performance.now();
  const shown = ({ bytes, totalBytes, files, totalFiles }: Parameters<Watch>[0]) => ({
    size: amount(totalBytes),
    files,
    totalFiles,
    speed: amount((1000 * bytes) / Math.max(performance.now() - began, 1)),
  });
  let started = false;
  return {
    show: (state) => {
      if (!started) bar.start(state.totalBytes, 0, shown(state));
      started = true;
      bar.update(state.bytes, shown(state));
    },
    clear: () => {
      if (started) bar.stop();
    },
  };
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
