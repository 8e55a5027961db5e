import { contents, type Content } from "../../cleanroom/room.js";
import { maybeOneOf, optional, parsed } from "../command.js";
import { parsePort } from "../sandbox/port.js";
import { evidenceKinds } from "./evidence.js";

/** The options of every command that is a clean room. */
export const evidenceOptions = {
  evidence: maybeOneOf("--evidence <source>", "who attests the clean room (default: what the machine offers)", evidenceKinds),
  reportData: maybeOneOf(
    "--report-data <text>",
    "what the report is about: the base64 of the public key PEM, or the PEM, which newer services want (default: base64)",
    Object.keys(contents) as Content[],
  ),
  sidecar: optional("--sidecar <address>", "of --evidence sidecar: a socket, or http://host:port (default: the stock ones)"),
  sandboxPort: parsed("--sandbox-port <port>", "of --evidence sandbox: the node that listens here (default: the only one)", parsePort),
  attestationReport: optional("--attestation-report <file>", "of --evidence recorded: the evidence [env: attestationReport]"),
  privateKey: optional("--private-key <file>", "of --evidence recorded [env: ccrgovPrivKey]"),
  publicKey: optional("--public-key <file>", "of --evidence recorded [env: ccrgovPubKey]"),
} as const;
