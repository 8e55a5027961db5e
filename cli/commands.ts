import { configCommands, configGroups } from "./config/commands.js";
import { dataCommands, dataGroups } from "./data/commands.js";
import { governanceCommands, governanceGroups } from "./governance/commands.js";
import type { Row } from "./row.js";

export type { Row } from "./row.js";

/** The words that stand before others, for the overview. */
export const groups: Readonly<Record<string, string>> = {
  sandbox: "A CCF node on this machine",
  "sandbox azure": "What stands in for Azure on this machine",
  "sandbox ledger": "What a node has written, read without running it",
  agent: "What runs in a clean room, beside the workload",
  ...governanceGroups,
  ...configGroups,
  deployment: "Clean rooms on this machine; also short for governance deployment",
  example: "Worked examples",
  ...dataGroups,
  completion: "Completion of commands and options by your shell",
};

const deploymentCommands: readonly Row[] = [
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
];

export const commands: readonly Row[] = [
  { path: "sandbox start", summary: "Start a node", load: () => import("./sandbox/start.js") },
  { path: "sandbox stop", summary: "Stop a node", load: () => import("./sandbox/stop.js") },
  { path: "sandbox attest", summary: "Make attestation evidence with a node's virtual TEE", load: () => import("./sandbox/attest.js") },
  { path: "sandbox status", summary: "Show whether a node runs, and where", load: () => import("./sandbox/status.js") },
  { path: "sandbox ledger verify", summary: "Verify a ledger from its first byte", load: () => import("./sandbox/ledger/verify.js") },
  { path: "sandbox ledger show", summary: "Print the transactions of a ledger", load: () => import("./sandbox/ledger/show.js") },

  { path: "sandbox azure start", summary: "Start a local cloud", load: () => import("./sandbox/azure/start.js") },
  { path: "sandbox azure stop", summary: "Stop the local cloud", load: () => import("./sandbox/azure/stop.js") },
  { path: "sandbox azure status", summary: "Show where the local cloud is", load: () => import("./sandbox/azure/status.js") },
  {
    path: "sandbox azure create-resources",
    summary: "Make the resources of one party in the local cloud",
    load: () => import("./sandbox/azure/createResources.js"),
  },

  { path: "agent start", summary: "Serve what a workload asks governance for", load: () => import("./agent/start.js") },

  ...governanceCommands,
  ...deploymentCommands,
  ...deploymentCommands.map((row) => ({ ...row, path: row.path.replace("governance ", ""), aliasOf: row.path })),
  { path: "deployment run", summary: "Run the clean room of a template on this machine", load: () => import("./deployment/run.js") },
  { path: "deployment wait", summary: "Wait for the end of a clean room of this machine", load: () => import("./deployment/wait.js") },
  ...configCommands,
  ...dataCommands,
  { path: "setup-access", summary: "Let the clean room of a contract use this party's cloud", load: () => import("./setupAccess.js") },
  { path: "example ml-training", summary: "Lay out the files of the ML training example", load: () => import("./example/mlTraining.js") },
  { path: "status", summary: "Show contracts, switches and what waits for a vote", load: () => import("./status/show.js") },
  { path: "completion bash", summary: "Print the script for bash", load: () => import("./completion/bash.js") },
  { path: "completion zsh", summary: "Print the script for zsh", load: () => import("./completion/zsh.js") },
  { path: "completion fish", summary: "Print the script for fish", load: () => import("./completion/fish.js") },
];
