import { isIP } from "node:net";
import { join } from "node:path";
import { authorityOf } from "../address.js";
import type { GenesisFiles } from "./files.js";

export type NodePlan = {
  /** Everything that the node writes goes here. */
  readonly directory: string;
  readonly host: string;
  readonly port: number;
  readonly files: GenesisFiles;
  readonly signatures: { readonly transactions: number; readonly milliseconds: number };
};

/** The service would be gone after a day, which is CCF's default; this is the longest that it allows by default. */
const VALIDITY_DAYS = 365;

/** The file that holds what clients trust. */
export const serviceCertificateFile = (directory: string): string => join(directory, "service_cert.pem");

/**
 * The configuration of the first node of a fresh service, for `cchost` of CCF 6
 * (https://microsoft.github.io/CCF/release/6.x/operations/configuration.html). What is not named here has CCF's default.
 */
export function configurationOf({ directory, host, port, files, signatures }: NodePlan): unknown {
  const address = authorityOf(host, port);
  return {
    enclave: { platform: "Virtual", type: "Release" },
    network: {
      // Nobody will join: the port is CCF's choice.
      node_to_node_interface: { bind_address: authorityOf("127.0.0.1", 0) },
      rpc_interfaces: { primary_rpc_interface: { bind_address: address, published_address: address } },
    },
    node_certificate: { subject_alt_names: alternativeNames(host), initial_validity_days: VALIDITY_DAYS },
    command: {
      type: "Start",
      service_certificate_file: serviceCertificateFile(directory),
      start: {
        constitution_files: [files.constitution],
        members: files.members,
        // 0 stands for all initial members that have an encryption key.
        service_configuration: { recovery_threshold: 0 },
        initial_service_certificate_validity_days: VALIDITY_DAYS,
      },
    },
    ledger: { directory: join(directory, "ledger") },
    snapshots: { directory: join(directory, "snapshots") },
    ledger_signatures: { tx_count: signatures.transactions, delay: `${signatures.milliseconds}ms` },
    output_files: { node_certificate_file: join(directory, "node_cert.pem"), pid_file: join(directory, "cchost.pid") },
  };
}

function alternativeNames(host: string): string[] {
  return [...new Set([host, "127.0.0.1", "localhost"])].map((name) => `${isIP(name) === 0 ? "dNSName" : "iPAddress"}:${name}`);
}
