import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { localCloudFile, type LocalCloud } from "../../../azure/localCloud.js";
import { command, flag, optional } from "../../command.js";
import { CommandError, isSystemError } from "../../failure.js";
import type { Io } from "../../io.js";
import { home } from "../../profile.js";
import { listen } from "../control.js";
import { detachedOutput, endWithParent, reportFailure, reportReady, startDetached } from "../detached.js";
import { evidenceOf } from "./evidence.js";
import { findAzure, publishAzure, shownOf } from "./place.js";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const WARNING =
  "WARNING: local cloud: its keys and secrets lie on this disk, and its attestation service believes virtual TEEs. For development only.";

export default command({
  description:
    "Starts what stands in for Azure on this machine: storage accounts (Azurite), vaults that release keys to attested clean rooms, the " +
    "tokens of managed identities, an attestation service, and the management of resources. All of it listens at loopback addresses only, " +
    "with certificates of a development authority that other commands trust for these addresses alone. While it runs, the commands of this " +
    "CLEANROOM_HOME use it in the place of Azure.\n\n" +
    "The attestation service believes real processors, and the virtual TEEs of sandboxes that run with the same CLEANROOM_HOME.",
  examples: [["Start it, and let it run on", "cleanroom sandbox azure start --detach"]],
  options: {
    dir: optional("--dir <dir>", "keep everything here, and go on with what is there (default: azure in CLEANROOM_HOME)"),
    detach: flag("--detach", "return when it answers, and let it run on"),
  },
  run: async ({ dir: given, detach }, io) => {
    const dir = resolve(given ?? join(home(io), "azure"));
    if (detachedOutput(io) === undefined) io.note(WARNING);
    if (detach) return startDetached(["sandbox", "azure", "start", "--dir", dir], io);
    endWithParent(io);
    try {
      await run(dir, io);
    } catch (error) {
      reportFailure(error, io);
      throw error;
    }
    return undefined;
  },
});

async function run(dir: string, io: Io): Promise<void> {
  const other = await findAzure(io);
  if (other) throw new CommandError(`a local cloud runs already (process ${other.pid}): stop it with cleanroom sandbox azure stop`);
  await mkdir(dirname(localCloudFile(home(io))), { recursive: true, mode: 0o700 });
  const { startLocalCloud } = await import("../../../azure/local/index.js");
  let end: () => void = () => undefined;
  const told = new Promise<void>((done) => (end = done));
  let over: () => void = () => undefined;
  const ended = new Promise<void>((done) => (over = done));
  const control = join(tmpdir(), `cleanroom-${randomUUID()}.sock`);
  const server = await listen(control, {
    stop: () => {
      end();
      return ended;
    },
  });
  for (const signal of SIGNALS) process.on(signal, end);
  const known = (cloud: LocalCloud) => ({ ...cloud, pid: process.pid, dir, control });
  try {
    const cloud = await startLocalCloud({ folder: dir, verify: evidenceOf(io), publish: (now) => publishAzure(known(now), io) }).catch(
      (cause: unknown) => explain(cause, dir),
    );
    const shown = shownOf(known(cloud.cloud()));
    if (!reportReady(shown, io)) io.note(`The local cloud answers; Ctrl-C stops it.\n${JSON.stringify(shown, null, 2)}`);
    await told;
    await cloud.close();
  } finally {
    for (const signal of SIGNALS) process.off(signal, end);
    await rm(localCloudFile(home(io)), { force: true });
    await rm(control, { force: true });
    const output = detachedOutput(io);
    if (output !== undefined) await rm(output, { force: true });
    over();
    server.close();
  }
}

/** @throws CommandError where another process has one of its ports */
function explain(cause: unknown, dir: string): never {
  if (isSystemError(cause) && cause.code === "EADDRINUSE") {
    const { port } = cause as { port?: number };
    throw new CommandError(
      `another process listens at 127.0.0.1:${String(port)}, a port that the cloud in ${dir} keeps: end that process, or start another cloud with --dir`,
      { cause },
    );
  }
  throw cause;
}
