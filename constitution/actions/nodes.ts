import { action } from "../action.js";
import { anything, entityId, integer, nonEmptyString, optional } from "../arguments.js";
import { ccf } from "../ccf.js";
import { type NodeInfo, entries, nodeCertificates, nodeInfos, required, serviceConfig, serviceInfo } from "../tables.js";

/*! A certificate is valid from a moment ("20260131120000Z" or ISO 8601) on, for so many days; if not given, for as long as the service allows. */
const Validity = { valid_from: nonEmptyString, validity_period_days: optional(integer(1)) };

const DEFAULT_MAXIMUM_DAYS = 365;

function allowedDays(days: number | undefined, maximum = DEFAULT_MAXIMUM_DAYS): number {
  if (days !== undefined && days > maximum)
    throw new Error(`validity_period_days ${days} is more than the ${maximum} that the service allows`);
  return days ?? maximum;
}

function endorse(id: string, csr: string, validFrom: string, days: number | undefined): void {
  const allowed = allowedDays(days, required(serviceConfig).maximum_node_certificate_validity_days);
  nodeCertificates.set(id, ccf.network.generateEndorsedCertificate(csr, validFrom, allowed));
}

function nodeOf(id: string): NodeInfo {
  const node = nodeInfos.get(id);
  if (!node) throw new Error(`there is no node ${id}`);
  return node;
}

/*! Lets a node into the network that has asked to join, and whose code was found to be allowed. */
action("transition_node_to_trusted", { node_id: entityId, ...Validity }, ({ node_id, valid_from, validity_period_days }) => {
  const node = nodeOf(node_id);
  if (node.status !== "Pending") return;
  nodeInfos.set(node_id, { ...node, status: "Trusted", ledger_secret_seqno: ccf.network.getLatestLedgerSecretSeqno() });
  const csr = node.certificate_signing_request;
  if (csr !== undefined) endorse(node_id, csr, valid_from, validity_period_days);
});

action("remove_node", { node_id: entityId }, ({ node_id }) => {
  const node = nodeInfos.get(node_id);
  if (node?.status === "Pending") nodeInfos.delete(node_id);
  else if (node) nodeInfos.set(node_id, { ...node, status: "Retired" });
});

action("set_node_data", { node_id: entityId, node_data: anything }, ({ node_id, node_data }) => {
  nodeInfos.set(node_id, { ...nodeOf(node_id), node_data });
});

function renew(id: string, { certificate_signing_request: csr }: NodeInfo, validFrom: string, days: number | undefined): void {
  if (csr === undefined) throw new Error(`the node ${id} has no certificate signing request`);
  endorse(id, csr, validFrom, days);
}

action("set_node_certificate_validity", { node_id: entityId, ...Validity }, ({ node_id, valid_from, validity_period_days }) => {
  const node = nodeOf(node_id);
  if (node.status !== "Trusted") throw new Error(`the node ${node_id} is not trusted`);
  renew(node_id, node, valid_from, validity_period_days);
});

action("set_all_nodes_certificate_validity", Validity, ({ valid_from, validity_period_days }) => {
  for (const [id, node] of entries(nodeInfos)) if (node.status === "Trusted") renew(id, node, valid_from, validity_period_days);
});

action("set_service_certificate_validity", Validity, ({ valid_from, validity_period_days }) => {
  const days = allowedDays(validity_period_days, required(serviceConfig).maximum_service_certificate_validity_days);
  serviceInfo.set(undefined, { ...required(serviceInfo), cert: ccf.network.generateNetworkCertificate(valid_from, days) });
});
