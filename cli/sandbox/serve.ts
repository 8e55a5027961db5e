import type { Io } from "../io.js";
import { reportReady } from "./detached.js";
import { startNode, type Wanted } from "./engine.js";
import { evidence, type EvidenceWanted } from "./evidence.js";
import { openLog } from "./log.js";
import { register } from "./registry.js";

/** Runs a service until it is told to stop. @throws CommandError where it does not start */
export async function serve(wanted: Wanted, io: Io): Promise<void> {
  const log = openLog(wanted.dir, io);
  const node = await startNode(wanted, log, io);
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

  const { attest } = node;
  const registration = await register(service, io, {
    stop,
    ...(attest && { attest: (wanted) => Promise.resolve(evidence({ attest }, wanted as EvidenceWanted)) }),
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop());
  log.write("info", `service at ${node.url}`);
  if (!reportReady(service, io)) io.note(`The service answers at ${node.url}; Ctrl-C stops it.`);
  try {
    await end;
  } finally {
    await registration.withdraw();
  }
}
