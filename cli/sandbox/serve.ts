import type { Io } from "../io.js";
import { reportReady } from "./detached.js";
import { startNode, type Node, type Wanted } from "./engine.js";
import { evidence, type EvidenceWanted } from "./evidence.js";
import { openLog, type Log } from "./log.js";
import { register } from "./registry.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs a service until it is told to stop. @throws CommandError where it does not start */
export async function serve(wanted: Wanted, io: Io): Promise<void> {
  const log = openLog(wanted.dir, io);
  const told = new AbortController();
  const tell = (): void => {
    told.abort();
  };
  // While the embedded engine starts, this process just ends by a signal. A node of CCF's own would outlive it.
  const listen = (): void => {
    for (const signal of SIGNALS) process.on(signal, tell);
  };
  if (wanted.engine === "cchost") listen();
  try {
    const node = await startNode(wanted, log, io, told.signal);
    if (wanted.engine !== "cchost") listen();
    await run(node, wanted, log, io, told.signal);
  } finally {
    for (const signal of SIGNALS) process.off(signal, tell);
  }
}

async function run(node: Node, wanted: Wanted, log: Log, io: Io, told: AbortSignal): Promise<void> {
  const service = {
    url: node.url,
    port: Number(new URL(node.url).port),
    pid: process.pid,
    engine: wanted.engine,
    virtualTee: wanted.virtualTee,
    dir: wanted.dir ?? null,
    log: log.file ?? null,
    serviceCertificate: node.serviceCertificate,
  };
  let stopping: Promise<void> | undefined;
  let settle: (stopping: Promise<void>) => void;
  const end = new Promise<void>((resolve) => (settle = resolve));
  const stop = (): Promise<void> => {
    if (!stopping) settle((stopping = node.stop()));
    return stopping;
  };

  const { attest, virtualRoot } = node;
  const registration = await register(service, io, {
    stop,
    ...(attest && { attest: (wanted) => Promise.resolve(evidence({ attest }, wanted as EvidenceWanted)) }),
    ...(virtualRoot && { root: () => Promise.resolve(virtualRoot) }),
  });
  told.addEventListener("abort", () => void stop());
  if (told.aborted) void stop();
  log.write("info", `service at ${node.url}`);
  if (!reportReady(service, io)) io.note(`The service answers at ${node.url}; Ctrl-C stops it.`);
  try {
    await end;
  } finally {
    await registration.withdraw();
  }
}
