import { rm } from "node:fs/promises";
import { startAgent } from "../../cleanroom/agent/index.js";
import { command, flag, optional, parsed } from "../command.js";
import { CommandError, UsageError } from "../failure.js";
import { readText, type Io } from "../io.js";
import { detachedOutput, endWithParent, reportFailure, reportReady, startDetached } from "../sandbox/detached.js";
import { parsePort } from "../sandbox/port.js";
import { offered, openRoom, sandboxAt, type EvidenceKind, type EvidenceOptions } from "./evidence.js";
import { evidenceOptions } from "./evidenceOptions.js";

/** Where workloads look for the sidecar. */
const PORT = 8300;

export default command({
  description:
    "Serves what the workload of a clean room asks governance for, at the port and with the routes of the stock sidecar: consent checks, tokens, " +
    "secrets, events, documents, certificates and signatures. The agent makes a key, has the platform attest it, signs and decrypts; the workload " +
    "sends and gets plain JSON.\n\n" +
    "Whoever can reach the agent is the clean room: it listens at a loopback address unless --host says otherwise.",
  examples: [
    [
      "In a container group, beside the attestation sidecar",
      "cleanroom agent start --evidence sidecar --ccf-endpoint https://ccf.example --service-cert service_cert.pem --contract-id collab1",
    ],
    [
      "On a laptop, with a sandbox that was started with --virtual-tee",
      'cleanroom agent start --evidence sandbox --host-data "$POLICY_SHA256" --contract-id collab1 --detach',
    ],
  ],
  options: {
    port: parsed("--port <port>", `where to listen; 0 picks a free port (default: ${PORT})`, parsePort),
    host: optional("--host <address>", "address to listen at (default: 127.0.0.1)"),
    ccfEndpoint: optional(
      "--ccf-endpoint <url>",
      "the governance service [env: ccrgovEndpoint] (default: the sandbox of --evidence sandbox)",
    ),
    serviceCert: optional(
      "--service-cert <file>",
      "its certificate, the only one trusted [env: serviceCert, in base64, or serviceCertPath]",
    ),
    contractId: optional("--contract-id <id>", "the contract that the clean room belongs to"),
    apiPathPrefix: optional("--api-path-prefix <path>", "the same as a path, app/contracts/ID [env: ccrgovApiPathPrefix]"),
    ...evidenceOptions,
    hostData: parsed("--host-data <hex>", "of --evidence sandbox: hash of the policy that the clean room runs under", parseHostData),
    detach: flag("--detach", "return when the agent listens, and let it run on"),
  },
  run: async ({ detach, ...given }, io) => {
    if (detach) return startDetached(wordsOf(given), io);
    endWithParent(io);
    try {
      await serve(given, io);
    } catch (error) {
      reportFailure(error, io);
      throw error;
    }
    return undefined;
  },
});

type Given = EvidenceOptions & {
  readonly port: number | undefined;
  readonly host: string | undefined;
  readonly ccfEndpoint: string | undefined;
  readonly serviceCert: string | undefined;
  readonly contractId: string | undefined;
  readonly apiPathPrefix: string | undefined;
  readonly evidence: EvidenceKind | undefined;
};

async function serve(given: Given, io: Io): Promise<void> {
  const kind = given.evidence ?? offered(io);
  const pathPrefix = prefixOf(given, io);
  const room = await openRoom(kind, given, io);
  const agent = await startAgent({
    ...(await serviceOf(kind, given, io)),
    pathPrefix,
    room,
    port: given.port ?? PORT,
    host: given.host,
    log: (line) => {
      io.note(`${new Date().toISOString()} ${line}`);
    },
  });
  const ended = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => {
        resolve(agent.stop());
      });
    }
  });
  const output = detachedOutput(io);
  const ready = { url: agent.url, pid: process.pid, evidence: kind, pathPrefix: pathPrefix ?? null, log: output ?? null };
  if (!reportReady(ready, io)) io.note(`The agent answers at ${agent.url}; Ctrl-C stops it.`);
  await ended;
  if (output !== undefined) await rm(output, { force: true });
}

/** As governance takes ids of contracts. */
const CONTRACT_ID = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,127}$/;

/** @throws UsageError for what is no id, and where both options name the contract: they could name two */
function prefixOf({ contractId, apiPathPrefix }: Given, { env }: Io): string | undefined {
  if (contractId !== undefined && apiPathPrefix !== undefined) throw new UsageError("give --contract-id or --api-path-prefix, not both");
  if (contractId !== undefined && !CONTRACT_ID.test(contractId))
    throw new UsageError(`--contract-id: "${contractId}" is no id of a contract`);
  if (contractId !== undefined) return `app/contracts/${contractId}`;
  return apiPathPrefix ?? (env.ccrgovApiPathPrefix === "" ? undefined : env.ccrgovApiPathPrefix);
}

type Service = { readonly ccfEndpoint: string; readonly serviceCertificate: string };

/** @throws UsageError, CommandError */
async function serviceOf(kind: EvidenceKind, given: Given, io: Io): Promise<Service> {
  const ccfEndpoint = given.ccfEndpoint ?? io.env.ccrgovEndpoint;
  const certificate = await certificateOf(given, io);
  if (ccfEndpoint && certificate !== undefined) return { ccfEndpoint, serviceCertificate: certificate };
  if (kind === "sandbox" && !ccfEndpoint && certificate === undefined) {
    const { url, serviceCertificate } = await sandboxAt(given.sandboxPort, io);
    return { ccfEndpoint: url, serviceCertificate };
  }
  throw new UsageError("which service? Give --ccf-endpoint URL and --service-cert FILE, or the variables that --help names");
}

async function certificateOf({ serviceCert }: Given, { env }: Io): Promise<string | undefined> {
  if (serviceCert !== undefined) return readText(serviceCert);
  if (env.serviceCert) {
    const pem = Buffer.from(env.serviceCert, "base64").toString("utf8");
    if (pem.includes("-----BEGIN CERTIFICATE-----")) return pem;
    throw new CommandError("the variable serviceCert is not the base64 of a certificate in PEM form");
  }
  return env.serviceCertPath ? readText(env.serviceCertPath) : undefined;
}

/** The same command line without `--detach`. */
function wordsOf(given: Omit<Given, "detach">): string[] {
  const words = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, String(value)],
  );
  return ["agent", "start", ...words];
}

function parseHostData(text: string): string {
  if (/^[0-9a-f]{64}$/i.test(text)) return text;
  throw new UsageError("--host-data is hexadecimal, two digits for each of 32 bytes");
}
