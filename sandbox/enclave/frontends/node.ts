import { applicationOptions } from "../gov/runtimeOptions.js";
import { tables, type NodeInfo } from "../gov/tables.js";
import { virtualQuote } from "../gov/virtualQuote.js";
import { CcfError } from "../http/errors.js";
import { json, type HttpResponse } from "../http/message.js";
import { Router } from "../http/router.js";
import type { Transaction } from "../kv/transaction.js";
import type { Sessions } from "../sessions.js";
import { addCommonEndpoints } from "./common.js";
import type { NodeContext } from "./context.js";
import { described, type Endpoint } from "./endpoint.js";
import { jsonEndpoint } from "./jsonEndpoint.js";
import { openApi, OWN_VERSION, type About } from "./openApi.js";
import { jsonOperation } from "./openApiComponents.js";
import { serviceStatus } from "./serviceStatus.js";
import { CCF_VERSION, QUICKJS_VERSION } from "./version.js";

const empty = (status: number): HttpResponse => ({ status, headers: {} });

const ABOUT: About = {
  title: "CCF Public Node API",
  description: "This API provides public, uncredentialed access to service and node state.",
  version: OWN_VERSION,
};

/** `/node`: what a node tells of itself and of the network (CCF documentation, "Node API"). */
export function nodeEndpoints(context: NodeContext): Router<Endpoint> {
  const { ledger, nodeId } = context;
  const router = new Router<Endpoint>()
    .add(
      "GET",
      "/version",
      jsonEndpoint(() => ({ ccf_version: CCF_VERSION, quickjs_version: QUICKJS_VERSION, unsafe: false })),
    )
    .add(
      "GET",
      "/state",
      jsonEndpoint(({ tx }) => {
        tx.table("public:ccf.internal.signatures");
        return {
          last_signed_seqno: ledger.lastSignedSeqno,
          node_id: nodeId,
          startup_seqno: 0,
          state: "PartOfNetwork",
          stop_notice: false,
        };
      }),
    )
    .add(
      "GET",
      "/network",
      jsonEndpoint(({ tx }) => {
        const service = tables(tx).serviceInfo.get();
        return {
          current_service_create_txid: service?.current_service_create_txid,
          current_view: ledger.currentView,
          primary_id: nodeId,
          recovery_count: service?.recovery_count ?? 0,
          service_certificate: service?.cert,
          service_data: service?.service_data ?? null,
          service_status: service?.status,
        };
      }),
    )
    .add("GET", "/primary", () => empty(200))
    .add("HEAD", "/primary", () => empty(200))
    .add("GET", "/backup", () => {
      throw new CcfError("ResourceNotFound", "Node is not backup");
    })
    .add(
      "GET",
      "/consensus",
      jsonEndpoint(() => ({
        details: {
          acks: {},
          configs: [{ idx: 1, nodes: { [nodeId]: { address: "" } }, rid: 0 }],
          current_view: ledger.currentView,
          leadership_state: "Leader",
          membership_state: "Active",
          primary_id: nodeId,
          reconfiguration_type: "OneTransaction",
          ticking: true,
        },
      })),
    )
    .add(
      "GET",
      "/config",
      jsonEndpoint(() => ({ [nodeId]: { address: "" } })),
    )
    .add(
      "GET",
      "/metrics",
      described(jsonOperation("json"), () => json(200, { sessions: metricsOf(context.sessions) })),
    )
    .add("GET", "/ready/gov", () => empty(204))
    .add("GET", "/ready/app", () => empty(serviceStatus(context.store) === "Open" ? 204 : 503))
    .add(
      "GET",
      "/js_metrics",
      jsonEndpoint(({ tx }) => {
        const options = applicationOptions(tx);
        return {
          // The engine keeps no bytecode: it compiles modules from their text.
          bytecode_size: 0,
          bytecode_used: false,
          max_cached_interpreters: options.maxCachedInterpreters,
          max_execution_time: options.maxExecutionTimeMs,
          max_heap_size: options.maxHeapBytes,
          max_stack_size: options.maxStackBytes,
        };
      }),
    )
    .add(
      "GET",
      "/service/configuration",
      jsonEndpoint(({ tx }) => tables(tx).serviceConfig.get()),
    )
    .add(
      "GET",
      "/service/previous_identity",
      jsonEndpoint(() => {
        throw new CcfError("ResourceNotFound", "This service is not a recovery of a previous service.");
      }),
    )
    .add(
      "GET",
      "/self_signed_certificate",
      jsonEndpoint(() => ({ self_signed_certificate: context.nodeSelfSignedCertificate })),
    );
  addQuotes(router, context);
  addNodes(router, context);
  return addCommonEndpoints(router, context, () => openApi(ABOUT, "/node", router.routes()));
}

/** CCF's defaults for connections at once, which are not enforced here. */
const CAPS = { soft_cap: 1000, hard_cap: 1010 };

function metricsOf(sessions: Sessions): object {
  const { active, peak } = sessions;
  const errors = {
    parsing: sessions.errors("parsing"),
    request_header_too_large: sessions.errors("request_header_too_large"),
    request_payload_too_large: sessions.errors("request_payload_too_large"),
  };
  return { active, interfaces: { primary_rpc_interface: { active, errors, peak, ...CAPS } }, peak };
}

/** Virtual nodes have no hardware report; CCF answers with an insecure one that says so. */
function addQuotes(router: Router<Endpoint>, { nodeId }: NodeContext): void {
  const quote = (tx: Transaction): Record<string, unknown> => {
    const { endorsements, format, quote: raw } = nodeInfo(tx, nodeId).quote_info;
    const measurement = Buffer.from(virtualQuote(raw).measurement).toString("hex");
    return { endorsements, format, measurement, node_id: nodeId, raw };
  };
  for (const path of ["quotes", "attestations"]) {
    router.add(
      "GET",
      `/${path}/self`,
      jsonEndpoint(({ tx }) => quote(tx)),
    );
    router.add(
      "GET",
      `/${path}`,
      jsonEndpoint(({ tx }) => ({ [path]: [quote(tx)] })),
    );
  }
}

const NODE_STATUSES = ["Pending", "Trusted", "Retired"];

function addNodes(router: Router<Endpoint>, { nodeId }: NodeContext): void {
  const describe = (tx: Transaction) => {
    const { node_data, rpc_interfaces, status } = nodeInfo(tx, nodeId);
    const last_written = tx.table("public:ccf.gov.nodes.info").versionOfPreviousWrite(Buffer.from(nodeId)) ?? 0;
    return { last_written, node_data: node_data ?? null, node_id: nodeId, primary: true, rpc_interfaces, status };
  };
  router
    .add(
      "GET",
      "/network/nodes",
      jsonEndpoint(({ query, tx }) => {
        const { status, host, port } = Object.fromEntries(query);
        if (status !== undefined && !NODE_STATUSES.includes(status)) {
          throw new CcfError("InvalidQueryParameterValue", `Query parameter '${status}' is not a valid node status`);
        }
        const node = describe(tx);
        const at = Object.values(node.rpc_interfaces).map(({ published_address }) => published_address.split(":"));
        const shown =
          (status === undefined || status === node.status) &&
          (host === undefined || at.some(([name]) => name === host)) &&
          (port === undefined || at.some(([, number]) => number === port));
        return { nodes: shown ? [node] : [] };
      }),
    )
    .add(
      "GET",
      "/network/nodes/self",
      jsonEndpoint(({ tx }) => describe(tx)),
    )
    .add(
      "GET",
      "/network/nodes/primary",
      jsonEndpoint(({ tx }) => describe(tx)),
    )
    .add(
      "GET",
      "/network/nodes/{node_id}",
      jsonEndpoint(({ params, tx }) => {
        if (params.node_id !== nodeId) throw new CcfError("ResourceNotFound", "Node not found");
        return describe(tx);
      }),
    )
    .add(
      "GET",
      "/network/removable_nodes",
      jsonEndpoint(({ tx }) => {
        tx.table("public:ccf.gov.nodes.info");
        return { nodes: [] };
      }),
    );
}

/** The one node of the service; governance may have changed what is known of it, but not removed it: a service without a node has ended. */
function nodeInfo(tx: Transaction, nodeId: string): NodeInfo {
  const info = tables(tx).nodesInfo.get(nodeId);
  if (!info) throw new CcfError("ResourceNotFound", "Node not found");
  return info;
}
