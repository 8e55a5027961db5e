import type { Command } from "./command.js";

/** A row of the table of commands. The file behind it is loaded only when the command is called, or asked for its help. */
export type Row = {
  /** The words after `cleanroom`. */
  readonly path: string;
  /** One line for the overview. */
  readonly summary: string;
  readonly load: () => Promise<{ readonly default: Command }>;
};

/** The words that stand before others, for the overview. */
export const groups: Readonly<Record<string, string>> = {
  sandbox: "A CCF node on this machine",
  "sandbox ledger": "What a node has written, read without running it",
  agent: "What runs in a clean room, beside the workload",
  governance: "Members, proposals and contracts",
  "governance client": "Who acts, and at which service",
  "governance service": "The application and the constitution of a service",
  "governance member": "The members of the consortium",
  "governance proposal": "Proposals and votes",
  "governance contract": "Contracts between the members",
  "governance deployment": "What runs for a contract",
  config: "The configuration of a clean room: data, applications, keys",
  "config add-identity": "Who the clean room is towards cloud services",
  "config network": "What passes the borders of the clean room",
  "config network http": "HTTP, in and out",
  "config network tcp": "Connections to addresses outside",
  "config network dns": "Looking names up",
  secretstore: "Places for secrets and keys",
  datastore: "Places for data",
};

export const commands: readonly Row[] = [
  { path: "sandbox start", summary: "Start a node", load: () => import("./sandbox/start.js") },
  { path: "sandbox stop", summary: "Stop a node", load: () => import("./sandbox/stop.js") },
  { path: "sandbox attest", summary: "Make attestation evidence with a node's virtual TEE", load: () => import("./sandbox/attest.js") },
  { path: "sandbox status", summary: "Show whether a node runs, and where", load: () => import("./sandbox/status.js") },
  { path: "sandbox ledger verify", summary: "Verify a ledger from its first byte", load: () => import("./sandbox/ledger/verify.js") },
  { path: "sandbox ledger show", summary: "Print the transactions of a ledger", load: () => import("./sandbox/ledger/show.js") },

  { path: "agent start", summary: "Serve what a workload asks governance for", load: () => import("./agent/start.js") },

  { path: "governance client deploy", summary: "Set up a client", load: () => import("./governance/client/deploy.js") },
  { path: "governance client show", summary: "Show a client", load: () => import("./governance/client/show.js") },
  { path: "governance client remove", summary: "Forget a client", load: () => import("./governance/client/remove.js") },

  {
    path: "governance service deploy",
    summary: "Propose, and vote for, constitution and application",
    load: () => import("./governance/service/deploy.js"),
  },

  {
    path: "governance member keygenerator-sh",
    summary: "Print a script that makes a member's keys",
    load: () => import("./governance/member/keygeneratorSh.js"),
  },
  { path: "governance member add", summary: "Propose a new member", load: () => import("./governance/member/add.js") },
  { path: "governance member activate", summary: "Accept an invitation", load: () => import("./governance/member/activate.js") },
  { path: "governance member show", summary: "List the members", load: () => import("./governance/member/show.js") },
  {
    path: "governance member set-tenant-id",
    summary: "Propose the tenant of a member",
    load: () => import("./governance/member/setTenantId.js"),
  },

  { path: "governance proposal list", summary: "List the proposals", load: () => import("./governance/proposal/list.js") },
  { path: "governance proposal show", summary: "Show the state of a proposal", load: () => import("./governance/proposal/show.js") },
  {
    path: "governance proposal show-actions",
    summary: "Show what a proposal would do",
    load: () => import("./governance/proposal/showActions.js"),
  },
  { path: "governance proposal vote", summary: "Accept or reject a proposal", load: () => import("./governance/proposal/vote.js") },
  { path: "governance proposal withdraw", summary: "Take back a proposal", load: () => import("./governance/proposal/withdraw.js") },

  { path: "governance contract create", summary: "Write a draft", load: () => import("./governance/contract/create.js") },
  { path: "governance contract show", summary: "Show a contract", load: () => import("./governance/contract/show.js") },
  { path: "governance contract list", summary: "List the contracts", load: () => import("./governance/contract/list.js") },
  {
    path: "governance contract propose",
    summary: "Propose a draft to the members",
    load: () => import("./governance/contract/propose.js"),
  },
  { path: "governance contract vote", summary: "Accept or reject a contract", load: () => import("./governance/contract/vote.js") },

  {
    path: "governance deployment generate",
    summary: "Write what a contract is deployed with",
    load: () => import("./deployment/generate.js"),
  },
  {
    path: "governance deployment verify",
    summary: "Compare a template with what was agreed on",
    load: () => import("./deployment/verify.js"),
  },

  { path: "config init", summary: "Begin a configuration", load: () => import("./config/init.js") },
  { path: "config view", summary: "Join the configurations of several parties", load: () => import("./config/view.js") },
  { path: "config validate", summary: "Check a configuration", load: () => import("./config/validate.js") },
  { path: "config set-kek", summary: "Say where key encryption keys will be", load: () => import("./config/setKek.js") },
  { path: "config add-datasource", summary: "Add data that is read", load: () => import("./config/addDatasource.js") },
  { path: "config add-datasink", summary: "Add a place for results", load: () => import("./config/addDatasink.js") },
  { path: "config set-logging", summary: "Add a place for the output of applications", load: () => import("./config/setLogging.js") },
  { path: "config set-telemetry", summary: "Add a place for what the clean room reports", load: () => import("./config/setTelemetry.js") },
  { path: "config add-application", summary: "Add an application", load: () => import("./config/addApplication.js") },
  {
    path: "config add-identity az-federated",
    summary: "Add an identity that takes tokens of governance",
    load: () => import("./config/identity/azFederated.js"),
  },
  {
    path: "config add-identity az-secret",
    summary: "Add an identity with a password",
    load: () => import("./config/identity/azSecret.js"),
  },
  {
    path: "config add-identity oidc-attested",
    summary: "Add an identity that attestation proves",
    load: () => import("./config/identity/oidcAttested.js"),
  },
  { path: "config wrap-deks", summary: "Give the clean room the keys of the data", load: () => import("./config/wrapDeks.js") },
  { path: "config wrap-secret", summary: "Give the clean room a secret", load: () => import("./config/wrapSecret.js") },
  { path: "config create-kek", summary: "Make key encryption keys for a policy", load: () => import("./config/createKek.js") },
  { path: "config network http enable", summary: "Let HTTP through", load: () => import("./config/network/httpEnable.js") },
  { path: "config network http disable", summary: "Stop HTTP", load: () => import("./config/network/httpDisable.js") },
  {
    path: "config network tcp enable",
    summary: "Allow connections to some addresses",
    load: () => import("./config/network/tcpEnable.js"),
  },
  { path: "config network tcp disable", summary: "Allow no connections", load: () => import("./config/network/tcpDisable.js") },
  { path: "config network dns enable", summary: "Allow names to be looked up", load: () => import("./config/network/dnsEnable.js") },
  { path: "config network dns disable", summary: "Forbid names to be looked up", load: () => import("./config/network/dnsDisable.js") },
  { path: "secretstore add", summary: "Describe a place for secrets", load: () => import("./secretstore/add.js") },
  { path: "datastore add", summary: "Describe a place for data", load: () => import("./datastore/add.js") },
];
