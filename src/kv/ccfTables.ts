import { json, text } from "./converters.js";
import { table } from "./table.js";

/* Tables that belong to CCF and are read here (CCF documentation, "Built-in Maps"). */

const jsonTable = <V>(name: string) => table(name, text, json<V>());

export type MemberInfo = { readonly status: "Accepted" | "Active"; readonly member_data?: unknown };

/** By member id. */
export const membersInfo = /* @__PURE__ */ jsonTable<MemberInfo>("public:ccf.gov.members.info");

export type Action = { readonly name: string; readonly args?: unknown };
export type ProposalState = "Open" | "Accepted" | "Rejected" | "Withdrawn" | "Failed" | "Dropped";

/** By proposal id. What was proposed, word for word; it never changes. CCF keeps the open proposals and the one closed last. */
export const proposals = /* @__PURE__ */ jsonTable<{ readonly actions: readonly Action[] }>("public:ccf.gov.proposals");
/** By proposal id. */
export const proposalsInfo = /* @__PURE__ */ jsonTable<{ readonly state: ProposalState }>("public:ccf.gov.proposals_info");
