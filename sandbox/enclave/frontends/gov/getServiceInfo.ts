import type { GovernanceContext } from "../../gov/context.js";
import { DEFAULT_WINDOW } from "../../gov/replay.js";
import { tables, type ServiceConfig } from "../../gov/tables.js";
import { CcfError } from "../../http/errors.js";
import { json, type HttpResponse } from "../../http/message.js";
import type { EndpointCall } from "../endpoint.js";

const DEFAULT_VALIDITY_DAYS = 365;

/** GET /service/info. @throws CcfError ResourceNotFound */
export const getServiceInfo =
  ({ consensus }: GovernanceContext) =>
  ({ tx }: EndpointCall): HttpResponse => {
    const { serviceInfo, serviceConfig } = tables(tx);
    const info = serviceInfo.get();
    if (!info) throw new CcfError("ResourceNotFound", "Service info not yet available");
    const config = serviceConfig.get();
    const previous = info.previous_service_identity_version;
    return json(200, {
      certificate: info.cert,
      ...(config && { configuration: configuration(config) }),
      creationTransactionId: info.current_service_create_txid,
      ...(typeof previous === "number" && { previousServiceCreationTransactionId: `${consensus.viewOf(previous) ?? 0}.${previous}` }),
      recoveryCount: info.recovery_count ?? 0,
      serviceData: info.service_data ?? null,
      status: info.status,
    });
  };

const configuration = (config: ServiceConfig): Readonly<Record<string, number>> => ({
  maximumNodeCertificateValidityDays: config.maximum_node_certificate_validity_days ?? DEFAULT_VALIDITY_DAYS,
  maximumServiceCertificateValidityDays: config.maximum_service_certificate_validity_days ?? DEFAULT_VALIDITY_DAYS,
  recentCoseProposalsWindowSize: config.recent_cose_proposals_window_size ?? DEFAULT_WINDOW,
  recoveryThreshold: config.recovery_threshold,
});
