/** The tables of CCF that this constitution reads and writes (CCF documentation, "Built-in maps"). Keys are text, mostly ids. */

import { json, onlyKey, text } from "../src/kv/converters.js";
import { table, type Table } from "../src/kv/table.js";

export function entries<Value>(rows: Table<string, Value>): (readonly [key: string, value: Value])[] {
  const found: (readonly [string, Value])[] = [];
  rows.forEach((value, key) => found.push([key, value]));
  return found;
}

/** The one row of a table that CCF writes when a service starts. */
export function required<Value>(row: Table<void, Value>): Value {
  const value = row.get();
  if (value === undefined) throw new Error(`${row.name} is empty`);
  return value;
}

export type MemberInfo = {
  status: "Accepted" | "Active";
  member_data?: unknown;
  /** Of members with an encryption key; without it, Participant. */
  recovery_role?: "NonParticipant" | "Participant" | "Owner" | undefined;
};
export const memberCertificates = table("public:ccf.gov.members.certs", text, text);
export const memberEncryptionKeys = table("public:ccf.gov.members.encryption_public_keys", text, text);
export const memberInfos = table("public:ccf.gov.members.info", text, json<MemberInfo>());
export const memberAcks = table("public:ccf.gov.members.acks", text, json<{ state_digest: string }>());
export const memberHistory = table("public:ccf.gov.history", text, json());

export const userCertificates = table("public:ccf.gov.users.certs", text, text);
export const userInfos = table("public:ccf.gov.users.info", text, json<{ user_data: unknown }>());

export type ProposalInfo = {
  proposer_id: string;
  state: "Open" | "Accepted" | "Rejected" | "Withdrawn" | "Dropped" | "Failed";
  /** Member id to vote, of all who voted, operators too; written before `apply` runs. */
  final_votes?: Record<string, boolean>;
};
export const proposals = table("public:ccf.gov.proposals", text, text);
export const proposalInfos = table("public:ccf.gov.proposals_info", text, json<ProposalInfo>());

export const constitutionText = table("public:ccf.gov.constitution", onlyKey, json<string>());
export const serviceInfo = table("public:ccf.gov.service.info", onlyKey, json<{ cert: string; status: string }>());
export const serviceConfig = table(
  "public:ccf.gov.service.config",
  onlyKey,
  json<{
    recovery_threshold: number;
    recent_cose_proposals_window_size?: number;
    maximum_node_certificate_validity_days?: number;
    maximum_service_certificate_validity_days?: number;
  }>(),
);
/** The last signature over the ledger; `root` is its Merkle root, in hex. */
export const ledgerSignature = table("public:ccf.internal.signatures", onlyKey, json<{ root: string }>());

export const appModules = table("public:ccf.gov.modules", text, text);
export const modulesBytecode = table("public:ccf.gov.modules_quickjs_bytecode", text, json());
export const modulesBytecodeVersion = table("public:ccf.gov.modules_quickjs_version", text, json());
export const appEndpoints = table("public:ccf.gov.endpoints", text, json<{ js_module: string }>());
export const interpreterFlush = table("public:ccf.gov.interpreter.flush", onlyKey, json<boolean>());
export const runtimeOptions = table("public:ccf.gov.js_runtime_options", onlyKey, json());

export type NodeInfo = {
  status: "Pending" | "Trusted" | "Retired";
  node_data?: unknown;
  ledger_secret_seqno?: number;
  certificate_signing_request?: string;
};
export const nodeInfos = table("public:ccf.gov.nodes.info", text, json<NodeInfo>());
export const nodeCertificates = table("public:ccf.gov.nodes.endorsed_certificates", text, text);
export const nodeCodeIds = table("public:ccf.gov.nodes.code_ids", text, json<"AllowedToJoin">());
export const snpMeasurements = table("public:ccf.gov.nodes.snp.measurements", text, json<"AllowedToJoin">());
/** Host data (hex) to the security policy that it is the digest of, or to the empty string. */
export const snpHostData = table("public:ccf.gov.nodes.snp.host_data", text, json<string>());
/** DID to feed to the least version accepted. */
export const snpUvmEndorsements = table("public:ccf.gov.nodes.snp.uvm_endorsements", text, json<Record<string, { svn: string }>>());
export const snpTcbVersions = table("public:ccf.gov.nodes.snp.tcb_versions", text, json());
export const virtualMeasurements = table("public:ccf.gov.nodes.virtual.measurements", text, json<"AllowedToJoin">());
/** A set: the values, eight zero bytes, mean nothing. */
export const virtualHostData = table("public:ccf.gov.nodes.virtual.host_data", text, onlyKey);

export const caBundles = table("public:ccf.gov.tls.ca_cert_bundles", text, json<string>());
export const jwtIssuers = table(
  "public:ccf.gov.jwt.issuers",
  text,
  json<{ auto_refresh: boolean; ca_cert_bundle_name?: string | undefined }>(),
);
