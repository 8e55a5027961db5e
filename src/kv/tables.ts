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
/** Who has enabled or disabled the execution of the contract: member id to flag. A member who is not here has not disabled it. */
export const executionFlags = /* @__PURE__ */ jsonTable<Readonly<Record<string, Option["status"]>>>("public:contracts_execution_status");
/** By the name of the option. */
export const serviceOptions = /* @__PURE__ */ jsonTable<Option>("public:ccf.gov.cgs_runtime_options");

/** The claims that a clean room of the contract must present: name to the accepted values. */
export const cleanRoomPolicy = (contractId: string) => jsonTable<readonly unknown[]>(`public:ccf.gov.policies.cleanroom-${contractId}`);

/** Claims besides those of the policy that the clean room of the contract itself has let in for one purpose: by "type:id". */
export const delegatePolicies = (contractId: string) =>
  jsonTable<Readonly<Record<string, readonly unknown[]>>>(`public:policies.cleanroom-delegates-${contractId}`);

/** The last event by its id. Earlier ones are in the ledger. */
export const events = (contractId: string, scope?: string) =>
  jsonTable<{
    /** Milliseconds since 1970, at least 13 digits. */
    readonly timestamp: string;
    readonly data: unknown;
  }>(`public:events-${contractId}${scope ? `:${scope}` : ""}`);

/** By SHA-256 of the signature, in hex: what a signature of a clean room was used for. */
export const usedSignatures = /* @__PURE__ */ table("public:used_signatures", text, text);

/** By "owner:name"; the owner is a member id, or `cleanroom`. Not public: encrypted in the ledger. */
export const secrets = (contractId: string) => jsonTable<{ readonly value: string }>(`secrets-${contractId}`);

/** A key pair as PEM, made for one governance request. */
export type SigningKey = { readonly kid: string; readonly reqId: string; readonly publicKey: string; readonly privateKey: string };

/** `signingKey`, and after a rotation `previousSigningKey`. */
export const oidcSigningKeys = /* @__PURE__ */ jsonTable<SigningKey>("oidc_issuer.signing_keys");
/** As `oidcSigningKeys`. */
export const payloadSigningKeys = /* @__PURE__ */ jsonTable<SigningKey>("signing.signing_keys");
/** The key of a CA; the names are those of the public service, which keeps no certificates of earlier keys. */
export type CaSigningKey = {
  readonly requestId: string;
  readonly publicKey: string;
  readonly privateKey: string;
  readonly caCert: string;
  /** The oldest first. */
  readonly previousCaCerts?: readonly string[];
};
/** Not public, as those above. */
export const caSigningKeys = /* @__PURE__ */ jsonTable<CaSigningKey>("ca.signing_keys");
/** By tenant id. */
export const tenantIssuerUrls = /* @__PURE__ */ table("public:oidc_issuer.tenantid_issuer_url", text, text);
/** Subjects, besides the contract id, that tokens of a contract may name: by subject. */
export const tokenSubjects = /* @__PURE__ */ jsonTable<{ readonly contractId: string }>("public:ccf.gov.oidc_issuer.subjects");

/** `enabled`, `generateSigningKeyRequestId`, `generateSigningKeyKid`, `issuerUrl`: each a text. */
export const oidcIssuer = /* @__PURE__ */ table("public:ccf.gov.oidc_issuer", text, text);
/** As `oidcIssuer`, without `issuerUrl`. */
export const signing = /* @__PURE__ */ table("public:ccf.gov.signing", text, text);
export const ca = /* @__PURE__ */ jsonTable<{ readonly enabled: "true"; readonly requestId: string }>("public:ccf.gov.ca");

/** By document id. */
export const documents = /* @__PURE__ */ jsonTable<Data & { readonly contractId: string }>("public:documents");
/** By document id: the documents that were drafted for a contract, so that they are listed without reading them all. */
export const documentsOf = (contractId: string) => jsonTable<true>(`public:documents-${contractId}`);
/** By document id. */
export const acceptedDocuments = /* @__PURE__ */ jsonTable<Agreed & { readonly contractId: string }>("public:ccf.gov.accepted_documents");
/** By document id: the documents that were accepted for a contract. */
export const acceptedDocumentsOf = (contractId: string) => jsonTable<true>(`public:ccf.gov.accepted_documents-${contractId}`);
