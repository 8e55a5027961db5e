import { describeProposal } from "../../gov/proposals.js";
import { tables } from "../../gov/tables.js";
import { json, type HttpResponse } from "../../http/message.js";
import type { EndpointCall } from "../endpoint.js";

/** GET /members/proposals: open proposals, and closed ones until the next one closes. */
export function listProposals({ tx }: EndpointCall): HttpResponse {
  const entries = tables(tx).proposalsInfo.entries();
  return json(200, { value: entries.map(([id, info]) => describeProposal(id, info)) });
}
