import { nodeName, requireId } from "../../gov/ids.js";
import { tables, type NodeInfo, type NodeInterface } from "../../gov/tables.js";
import { virtualQuote } from "../../gov/virtualQuote.js";
import { CcfError } from "../../http/errors.js";
import { json, type HttpResponse } from "../../http/message.js";
import type { EndpointCall } from "../endpoint.js";

/** GET /service/nodes. */
export function listNodes({ tx }: EndpointCall): HttpResponse {
  const { nodesInfo, nodeCertificates } = tables(tx);
  return json(200, { value: nodesInfo.entries().map(([id, info]) => describe(id, info, nodeCertificates.get(id))) });
}

/** GET /service/nodes/{nodeId}. @throws CcfError InvalidResourceName, ResourceNotFound */
export function getNode({ params, tx }: EndpointCall): HttpResponse {
  const id = requireId(params.nodeId, "node");
  const { nodesInfo, nodeCertificates } = tables(tx);
  const info = nodesInfo.get(id);
  if (!info) throw new CcfError("ResourceNotFound", `Node ${nodeName(id)} does not exist.`);
  return json(200, describe(id, info, nodeCertificates.get(id)));
}

const describe = (nodeId: string, info: NodeInfo, certificate: string | undefined): object => ({
  certificate,
  nodeData: info.node_data ?? null,
  nodeId,
  quoteInfo: describeQuote(info.quote_info),
  retiredCommitted: info.retired_committed ?? false,
  rpcInterfaces: Object.fromEntries(Object.entries(info.rpc_interfaces).map(([name, rpc]) => [name, describeInterface(rpc)])),
  status: info.status,
});

/** The only platform that a node of this service runs on is the virtual one, whose quote is JSON. */
function describeQuote({ format, quote }: NodeInfo["quote_info"]): object {
  const { host_data, measurement, report_data } = virtualQuote(quote);
  return {
    details: { hostData: host_data, measurement, reportData: report_data },
    format,
    rawQuote: quote,
  };
}

const describeInterface = ({ published_address, app_protocol }: NodeInterface): object => ({
  publishedAddress: published_address,
  ...(app_protocol !== undefined && { protocol: app_protocol }),
});
