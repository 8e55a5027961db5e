import { tables } from "../../gov/tables.js";
import { json, type HttpResponse } from "../../http/message.js";
import type { EndpointCall } from "../endpoint.js";

/** GET /service/join-policy: what a node must prove to join, by platform. */
export function getJoinPolicy({ tx }: EndpointCall): HttpResponse {
  const t = tables(tx);
  return json(200, {
    sgx: { measurements: allowed(t.sgxMeasurements.entries()) },
    snp: {
      hostData: Object.fromEntries(t.snpHostData.entries()),
      measurements: allowed(t.snpMeasurements.entries()),
      tcbVersions: Object.fromEntries(t.snpTcbVersions.entries()),
      uvmEndorsements: Object.fromEntries(t.snpUvmEndorsements.entries()),
    },
    virtual: { hostData: t.virtualHostData.keys(), measurements: allowed(t.virtualMeasurements.entries()) },
  });
}

const allowed = (measurements: readonly (readonly [string, unknown])[]): readonly string[] =>
  measurements.filter(([, status]) => status === "AllowedToJoin").map(([measurement]) => measurement);
