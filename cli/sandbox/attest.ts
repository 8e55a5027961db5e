import { command, flag, parsed, type Option } from "../command.js";
import { CommandError, UsageError } from "../failure.js";
import type { Io } from "../io.js";
import { ask } from "./control.js";
import type { EvidenceWanted } from "./evidence.js";
import { parsePort } from "./port.js";
import { find, findOnly } from "./registry.js";

/** Sizes of the fields of an SEV-SNP report, in bytes (AMD 56860, attestation report). */
const HOST_DATA = 32;
const REPORT_DATA = 64;
const MEASUREMENT = 48;

export default command({
  description:
    "Prints attestation evidence by the virtual TEE of a node that was started with --virtual-tee: an SEV-SNP report in the genuine binary " +
    "format, the certificates of its processor, and the endorsements of the utility VM, each in base64. It goes through the same verification " +
    "as the report of a real processor, and only the node that made it believes it.",
  examples: [
    [
      "Evidence of a clean room with this policy, for this key",
      'cleanroom sandbox attest --host-data "$POLICY_SHA256" --report-data "$PUBLIC_KEY_SHA256" > attestation.json',
    ],
    ["What no verifier accepts: a guest that can be debugged", 'cleanroom sandbox attest --host-data "$HASH" --report-data 00 --debug'],
  ],
  options: {
    port: parsed("--port <port>", "the node that listens here (default: the only one that runs)", parsePort),
    hostData: requiredHex("--host-data <hex>", `hash of the policy that the clean room runs under: ${HOST_DATA} bytes`, exactly(HOST_DATA)),
    reportData: requiredHex(
      "--report-data <hex>",
      `what the clean room says: up to ${REPORT_DATA} bytes, zeros follow`,
      atMost(REPORT_DATA),
    ),
    measurement: parsed(
      "--measurement <hex>",
      `launch measurement of the utility VM: ${MEASUREMENT} bytes (default: that of the virtual TEE's own)`,
      hex("--measurement", exactly(MEASUREMENT)),
    ),
    debug: flag("--debug", "the policy of the guest allows debugging"),
    uvm: { flags: "--no-uvm", description: "without endorsements of the utility VM", read: (raw) => raw !== false },
  },
  run: async ({ port, ...wanted }, io: Io) => {
    const node = port === undefined ? await findOnly(io) : await find(port, io);
    if (!node.virtualTee) throw new CommandError(`the sandbox at port ${node.port} has no virtual TEE: start it with --virtual-tee`);
    return ask(node.control, { word: "attest", argument: wanted satisfies EvidenceWanted });
  },
});

function requiredHex(flags: string, description: string, fits: Size): Option<string> {
  return { flags, description, required: true, parse: hex(flags.split(" ")[0] ?? "", fits), read: (raw) => raw as string };
}

/** What is wrong with a number of bytes; undefined where nothing is. */
type Size = (bytes: number) => string | undefined;

function exactly(size: number): Size {
  return (bytes) => (bytes === size ? undefined : `is ${size} bytes, not ${bytes}`);
}

function atMost(size: number): Size {
  return (bytes) => (bytes <= size ? undefined : `is at most ${size} bytes, not ${bytes}`);
}

function hex(name: string, fits: Size): (text: string) => string {
  return (text) => {
    if (!/^([0-9a-f]{2})+$/i.test(text)) throw new UsageError(`${name} is hexadecimal, two digits for each byte`);
    const problem = fits(text.length / 2);
    if (problem === undefined) return text;
    throw new UsageError(`${name} ${problem}`);
  };
}
