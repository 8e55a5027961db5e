import { resolve } from "node:path";
import { isLoopback, VIRTUAL_TEE_WARNING } from "../../sandbox/index.js";
import { command, flag, maybeOneOf, optional, parsed, several } from "../command.js";
import { UsageError } from "../failure.js";
import type { Io } from "../io.js";
import { detachedOutput, endWithParent, reportFailure, startDetached } from "./detached.js";
import type { Wanted } from "./engine.js";
import { port } from "./port.js";
import { engines } from "./registry.js";
import { serve } from "./serve.js";

export default command({
  description:
    "Starts a CCF-compatible service of one node on this machine. A fresh service is in state Opening with its members Accepted, as on CCF; " +
    "it opens by a proposal.\n\n" +
    "Every NAME_cert.pem that --members names, or that is in a directory which it names, is an initial member; beside it, NAME_enc_pubk.pem " +
    "makes it a recovery member, and NAME_data.json is its member data. With --dir the ledger and the keys of the service are kept there, and --resume goes on with them. Whoever can read " +
    "that directory is the service: it is a sandbox, without the protection of a TEE.\n\n" +
    "With --virtual-tee the service believes attestation evidence that `sandbox attest` makes up, besides that of real processors. " +
    "With --engine cchost the node is CCF's own instead (6.x, virtual platform), where it is installed.",
  examples: [
    [
      "A service whose first member is isv, which outlives the command",
      "cleanroom sandbox start --members ./isv_cert.pem --dir ./data --port 8000 --detach",
    ],
    ["Go on after a stop", "cleanroom sandbox start --dir ./data --resume --port 8000 --detach"],
    ["The same on CCF itself", "cleanroom sandbox start --engine cchost --ccf-home /opt/ccf_virtual --members ./members --port 8000"],
  ],
  options: {
    port: port("--port <port>", "where to listen; 0 picks a free port"),
    host: optional("--host <address>", "address to listen at (default: 127.0.0.1)"),
    members: several("--members <paths...>", "certificates of the initial members, or directories of them"),
    constitution: {
      flags: "--constitution <files...>",
      description: "constitution of a fresh service; several files are joined in this order (default: the one of this installation)",
      read: (raw: unknown) => raw as readonly string[] | undefined,
    },
    dir: optional("--dir <dir>", "keep ledger, keys and log here (default: keep nothing)"),
    resume: flag("--resume", "go on with the service in --dir"),
    detach: flag("--detach", "return when the service answers, and let it run on"),
    milliseconds: parsed("--signature-interval-ms <ms>", "sign at the latest so long after a write (default: 100)", parseCount),
    transactions: parsed("--signature-interval-transactions <n>", "sign at the latest after so many writes (default: 5000)", parseCount),
    virtualTee: flag("--virtual-tee", "FOR TESTS: believe the evidence of `sandbox attest`; listens at a loopback address only"),
    trace: flag("--trace", "log a line for each request, and what applications throw"),
    engine: maybeOneOf("--engine <engine>", "what runs the service (default: embedded)", engines),
    ccfHome: optional("--ccf-home <dir>", "where CCF 6 is installed, for --engine cchost (default: the environment's CCF_HOME)"),
  },
  run: async ({ detach, ...values }, io) => {
    const wanted = understood(values, io);
    if (wanted.virtualTee && detachedOutput(io) === undefined) io.note(VIRTUAL_TEE_WARNING);
    if (detach) return startDetached(wordsOf(wanted), io);
    endWithParent(io);
    try {
      await serve(wanted, io);
    } catch (error) {
      reportFailure(error, io);
      throw error;
    }
    return undefined;
  },
});

type Given = Omit<Wanted, "engine"> & { readonly engine: Wanted["engine"] | undefined };

/** @throws UsageError for options that do not go together */
function understood(given: Given, io: Io): Wanted {
  const { engine = "embedded", members, resume, virtualTee, trace, host, ccfHome, dir, constitution } = given;
  if (engine === "cchost") {
    if (resume) throw new UsageError("--engine cchost cannot --resume: CCF goes on with a ledger by disaster recovery only");
    if (trace) throw new UsageError("--engine cchost has no --trace: CCF does not tell");
    if (virtualTee) throw new UsageError("--engine cchost has no --virtual-tee: CCF believes real processors only");
  } else if (ccfHome !== undefined) throw new UsageError("--ccf-home is for --engine cchost");
  const home = engine === "cchost" ? (ccfHome ?? io.env.CCF_HOME) : undefined;
  if (engine === "cchost" && !home) throw new UsageError("--engine cchost needs --ccf-home DIR, or CCF_HOME in the environment");
  if (virtualTee && host !== undefined && !isLoopback(host)) {
    throw new UsageError(`--virtual-tee and --host ${host} do not go together: whoever reached the service would be believed`);
  }
  if (!resume && members.length === 0) {
    throw new UsageError("a fresh service needs --members PATH; to go on with one, give --dir DIR --resume");
  }
  if (resume && dir === undefined) throw new UsageError("--resume needs --dir DIR, which holds the service");
  if (resume && (members.length > 0 || constitution !== undefined)) {
    throw new UsageError(
      "--members and --constitution are for a fresh service: one that is resumed has its own, and changes them by proposals",
    );
  }
  return {
    ...given,
    engine,
    ccfHome: home && resolve(home),
    members: members.map((path) => resolve(path)),
    dir: dir === undefined ? undefined : resolve(dir),
    constitution: constitution?.map((file) => resolve(file)),
  };
}

/** The same command line without `--detach`, with paths that do not depend on where it runs. */
function wordsOf(wanted: Wanted): string[] {
  const given = (flag: string, value: string | number | undefined): string[] => (value === undefined ? [] : [flag, String(value)]);
  return [
    ...["sandbox", "start", "--port", String(wanted.port), "--engine", wanted.engine],
    ...given("--host", wanted.host),
    ...(wanted.members.length > 0 ? ["--members", ...wanted.members] : []),
    ...(wanted.constitution ? ["--constitution", ...wanted.constitution] : []),
    ...given("--dir", wanted.dir),
    ...(wanted.resume ? ["--resume"] : []),
    ...given("--signature-interval-ms", wanted.milliseconds),
    ...given("--signature-interval-transactions", wanted.transactions),
    ...(wanted.virtualTee ? ["--virtual-tee"] : []),
    ...(wanted.trace ? ["--trace"] : []),
    ...given("--ccf-home", wanted.ccfHome),
  ];
}

function parseCount(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UsageError(`"${text}" is no count: give a whole number from 1 to 999999999`);
}
