import { randomInt } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { authorityOf, bind, DEFAULT_HOST } from "../address.js";
import { SandboxError } from "../error.js";
import { Listener } from "../host/listener.js";
import type { Sandbox, SandboxOptions } from "../options.js";
import { genesisOf } from "../origin.js";
import { configurationOf, serviceCertificateFile } from "./configuration.js";
import { writeGenesis } from "./files.js";
import { findInstallation } from "./installation.js";
import { openPlace, type Place } from "./place.js";
import { NodeProcess } from "./process.js";
import { whenReady } from "./ready.js";

/** How long a node may take to start, in milliseconds. */
const START_MS = 60_000;

/** What both engines understand, and where CCF is. */
export type CchostOptions = Omit<SandboxOptions, "resume" | "virtualTee" | "clock" | "trace" | "sourceMaps"> & {
  /** Folder of an installed CCF 6 for the virtual platform, such as /opt/ccf_virtual. */
  readonly home: string;
  /** Ends a node that is not ready yet, in order; `startCchost` rejects then. */
  readonly signal?: AbortSignal;
};

/** A node of CCF's own. It always listens. */
export type CchostNode = Pick<Sandbox, "serviceCertificate" | "stop"> & { readonly url: string };

/**
 * Starts a fresh service on a CCF that is installed here, on its virtual (insecure) platform, with its own JavaScript application.
 *
 * @throws SandboxError for options that do not fit, where there is no CCF, where CCF does not start, and where `signal` says not to go on
 */
export async function startCchost(options: CchostOptions): Promise<CchostNode> {
  const { application, host: executable } = await findInstallation(options.home);
  const genesis = genesisOf(options);
  const place = await openPlace(options.dir);
  try {
    const host = options.host ?? DEFAULT_HOST;
    const port = await freePort(host, options.port ?? 0);
    const configuration = configurationOf({
      directory: place.directory,
      host,
      port,
      files: await writeGenesis(place.directory, genesis),
      signatures: { transactions: options.signatures?.transactions ?? 5000, milliseconds: options.signatures?.milliseconds ?? 100 },
    });
    const configurationFile = join(place.directory, "cchost.json");
    await writeFile(configurationFile, JSON.stringify(configuration, null, 2));
    const node = new NodeProcess({
      file: executable,
      arguments: ["--config", configurationFile, "--enclave-file", application, "--enclave-log-level", "info"],
      directory: place.directory,
      log: options.log ?? (() => undefined),
    });
    const url = `https://${authorityOf(host, port)}`;
    const serviceCertificate = await certificateWhenReady(node, url, place, options.signal);
    const failed = (error: Error): void => {
      options.log?.("fatal", `the service ends: ${error.message}`);
      options.failed?.(error);
    };
    return { url, serviceCertificate, stop: stopping(node, place, failed) };
  } catch (error) {
    await place.leave();
    throw error;
  }
}

/** From 20000 up to where Linux, macOS and Windows begin to hand out ports by themselves. */
const OURS = [20_000, 32_768] as const;

/**
 * The configuration, and the node's own transactions, name the port: it has to be known before the node starts. Unless it is given it is none
 * that the system gives to whoever asks for any, so that nobody has it before the node.
 */
async function freePort(host: string, port: number): Promise<number> {
  await (await bind(host, port)).close();
  if (port !== 0) return port;
  for (;;) {
    const any = randomInt(...OURS);
    try {
      await (await Listener.bind(host, any)).close();
      return any;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    }
  }
}

/** @throws SandboxError when the process ends, takes too long, or is told to end; it is gone then */
async function certificateWhenReady(
  node: NodeProcess,
  url: string,
  { directory }: Place,
  told: AbortSignal = new AbortController().signal,
): Promise<string> {
  const over = new AbortController();
  const late = AbortSignal.timeout(START_MS);
  const ended = node.ended.then((how) => {
    throw new SandboxError(how);
  });
  try {
    const signal = AbortSignal.any([over.signal, late, told]);
    return await Promise.race([whenReady({ url, certificateFile: serviceCertificateFile(directory), signal }), ended]);
  } catch (error) {
    await node.stop();
    if (told.aborted) throw new SandboxError("cchost was stopped before it was ready");
    if (late.aborted) throw new SandboxError(`cchost does not answer at ${url} after ${START_MS / 1000} seconds`);
    throw error;
  } finally {
    over.abort();
  }
}

/** The way to stop a node that runs; it also notices when the node ends without being told to. */
function stopping(node: NodeProcess, place: Place, failed: (error: Error) => void): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  void node.ended.then((how) => {
    if (stopping) return;
    place.leave().then(() => {
      failed(new Error(how));
    }, failed);
  });
  return () => (stopping ??= node.stop().finally(place.leave));
}
