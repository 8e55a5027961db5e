import { json, text } from "./converters.js";
import { table } from "./table.js";

/*
 * The tables of the application. Names are part of what an auditor reads in the ledger.
 * Keys are contract ids unless something else is said. A name that is composed of several ids joins them with ":", which no id contains.
 * The annotations let the bundler leave out what an endpoint does not use.
 */

const jsonTable = <V>(name: string) => table(name, text, json<V>());

/** How the members voted: member id to vote. */
export type FinalVotes = Readonly<Record<string, boolean>>;

type Data = { readonly data: unknown };
type Option = { readonly status: "enabled" | "disabled" };
/** What governance agreed, by which proposal, with which votes. */
export type Agreed = Data & { readonly proposalId: string; readonly finalVotes?: FinalVotes };

/** Drafts, as members last wrote them. */
export const contracts = /* @__PURE__ */ jsonTable<Data>("public:contracts");
export const acceptedContracts = /* @__PURE__ */ jsonTable<Agreed>("public:ccf.gov.accepted_contracts");

export const deploymentSpecs = /* @__PURE__ */ jsonTable<Data>("public:ccf.gov.deployment_specs");
export const deploymentInfo = /* @__PURE__ */ jsonTable<Data>("public:ccf.gov.deployment_info");

export const loggingStatus = /* @__PURE__ */ jsonTable<Option>("public:ccf.gov.contracts_logging_status");
export const telemetryStatus = /* @__PURE__ */ jsonTable<Option>("public:ccf.gov.contracts_telemetry_status");
/** By the name of the option. */
export const serviceOptions = /* @__PURE__ */ jsonTable<Option>("public:ccf.gov.cgs_runtime_options");

/** The claims that a clean room of the contract must present: name to the accepted values. */
export const cleanRoomPolicy = (contractId: string) => jsonTable<readonly unknown[]>(`public:ccf.gov.policies.cleanroom-${contractId}`);

/** `enabled`, `generateSigningKeyRequestId`, `generateSigningKeyKid`, `issuerUrl`: each a text. */
export const oidcIssuer = /* @__PURE__ */ table("public:ccf.gov.oidc_issuer", text, text);
/** As `oidcIssuer`, without `issuerUrl`. */
export const signing = /* @__PURE__ */ table("public:ccf.gov.signing", text, text);
export const ca = /* @__PURE__ */ jsonTable<{ readonly enabled: "true"; readonly requestId: string }>("public:ccf.gov.ca");

/** By document id. */
export const documents = /* @__PURE__ */ jsonTable<Data & { readonly contractId: string }>("public:documents");
/** By document id. */
export const acceptedDocuments = /* @__PURE__ */ jsonTable<Agreed & { readonly contractId: string }>("public:ccf.gov.accepted_documents");
