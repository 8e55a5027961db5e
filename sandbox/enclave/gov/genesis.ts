import { createHash, X509Certificate } from "node:crypto";
import type { InitialMember } from "../../messages.js";
import type { Transaction } from "../kv/transaction.js";
import { tables } from "./tables.js";
import type { VirtualQuote } from "./virtualQuote.js";

export type GenesisOptions = {
  readonly members: readonly InitialMember[];
  /** One module that exports validate, resolve and apply. */
  readonly constitution: string;
  /** PEM. */
  readonly serviceCertificate: string;
  /** `view.seqno` of the transaction that this becomes. */
  readonly transactionId: string;
  /** How many recovery members it takes to recover; by default all of them, as CCF has it. */
  readonly recoveryThreshold?: number | undefined;
  readonly node: GenesisNode;
};

export type GenesisNode = {
  /** Hexadecimal SHA-256 of the public key's DER. */
  readonly id: string;
  /** PEM, endorsed by the service. */
  readonly certificate: string;
  /** PEM: what certificates that renew it are made from. */
  readonly signingRequest: string;
  /** `address:port`. */
  readonly address: string;
};

const MAXIMUM_VALIDITY_DAYS = 365;
const VIRTUAL_MEASUREMENT = "Insecure hard-coded virtual measurement v1";

/** Writes the first transaction of a fresh service: its members, constitution and configuration, and the one node that it runs on. */
export function writeGenesis(tx: Transaction, options: GenesisOptions): void {
  const { constitution, serviceInfo, serviceConfig } = tables(tx);
  for (const member of options.members) addMember(tx, member);
  constitution.set(options.constitution);
  serviceInfo.set({
    cert: options.serviceCertificate,
    status: "Opening",
    recovery_count: 0,
    current_service_create_txid: options.transactionId,
  });
  serviceConfig.set({
    recovery_threshold: options.recoveryThreshold ?? options.members.filter((member) => member.encryptionPublicKey !== undefined).length,
    maximum_node_certificate_validity_days: MAXIMUM_VALIDITY_DAYS,
    maximum_service_certificate_validity_days: MAXIMUM_VALIDITY_DAYS,
  });
  addNode(tx, options.node);
}

function addMember(tx: Transaction, member: InitialMember): void {
  const { memberCerts, memberInfo, memberAcks, memberEncryptionKeys } = tables(tx);
  const id = createHash("sha256").update(new X509Certificate(member.certificate).raw).digest("hex");
  memberCerts.set(id, member.certificate);
  memberInfo.set(id, { status: "Accepted", ...(member.data !== undefined && { member_data: member.data }) });
  memberAcks.set(id, { state_digest: "" });
  if (member.encryptionPublicKey !== undefined) memberEncryptionKeys.set(id, member.encryptionPublicKey);
}

/**
 * Writes what the node is: as CCF's virtual (insecure) platform describes itself. A node that starts again has a new certificate, and
 * perhaps another address.
 */
export function addNode(tx: Transaction, { id, certificate, signingRequest, address }: GenesisNode): void {
  const { nodesInfo, nodeCertificates, virtualMeasurements, virtualHostData } = tables(tx);
  const host_data = createHash("sha256").update("virtual").digest("hex");
  const report_data = Buffer.from(id, "hex").toString("base64");
  const quote: VirtualQuote = { host_data, measurement: VIRTUAL_MEASUREMENT, report_data };
  nodesInfo.set(id, {
    status: "Trusted",
    node_data: null,
    retired_committed: false,
    certificate_signing_request: signingRequest,
    quote_info: { format: "Insecure_Virtual", quote: Buffer.from(JSON.stringify(quote)).toString("base64"), endorsements: "" },
    rpc_interfaces: { primary_rpc_interface: { bind_address: address, published_address: address } },
  });
  nodeCertificates.set(id, certificate);
  virtualMeasurements.set(VIRTUAL_MEASUREMENT, "AllowedToJoin");
  virtualHostData.set(host_data, new Uint8Array(8));
}
