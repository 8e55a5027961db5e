import type { Row } from "../row.js";

export const governanceGroups: Readonly<Record<string, string>> = {
  governance: "Members, proposals and contracts",
  "governance client": "Who acts, and at which service",
  "governance service": "The application and the constitution of a service",
  "governance member": "The members of the consortium",
  "governance proposal": "Proposals and votes",
  "governance contract": "Contracts between the members",
  "governance contract runtime-option": "What a contract may do now",
  "governance deployment": "What runs for a contract",
  "governance deployment template": "What is to be deployed",
  "governance deployment policy": "Which clean rooms are let in",
  "governance deployment information": "What everybody is told about a deployment",
  "governance oidc-issuer": "Tokens for clean rooms",
};

export const governanceCommands: readonly Row[] = [
  { path: "governance client deploy", summary: "Set up a client", load: () => import("./client/deploy.js") },
  { path: "governance client show", summary: "Show a client", load: () => import("./client/show.js") },
  { path: "governance client remove", summary: "Forget a client", load: () => import("./client/remove.js") },

  {
    path: "governance service deploy",
    summary: "Propose, and vote for, constitution and application",
    load: () => import("./service/deploy.js"),
  },

  {
    path: "governance member keygenerator-sh",
    summary: "Print a script that makes a member's keys",
    load: () => import("./member/keygeneratorSh.js"),
  },
  { path: "governance member add", summary: "Propose a new member", load: () => import("./member/add.js") },
  { path: "governance member activate", summary: "Accept an invitation", load: () => import("./member/activate.js") },
  { path: "governance member show", summary: "List the members", load: () => import("./member/show.js") },
  {
    path: "governance member set-tenant-id",
    summary: "Propose the tenant of a member",
    load: () => import("./member/setTenantId.js"),
  },

  { path: "governance proposal list", summary: "List the proposals", load: () => import("./proposal/list.js") },
  { path: "governance proposal show", summary: "Show the state of a proposal", load: () => import("./proposal/show.js") },
  {
    path: "governance proposal show-actions",
    summary: "Show what a proposal would do",
    load: () => import("./proposal/showActions.js"),
  },
  { path: "governance proposal vote", summary: "Accept or reject a proposal", load: () => import("./proposal/vote.js") },
  { path: "governance proposal withdraw", summary: "Take back a proposal", load: () => import("./proposal/withdraw.js") },

  { path: "governance contract create", summary: "Write a draft", load: () => import("./contract/create.js") },
  { path: "governance contract show", summary: "Show a contract", load: () => import("./contract/show.js") },
  { path: "governance contract list", summary: "List the contracts", load: () => import("./contract/list.js") },
  {
    path: "governance contract propose",
    summary: "Propose a draft to the members",
    load: () => import("./contract/propose.js"),
  },
  { path: "governance contract vote", summary: "Accept or reject a contract", load: () => import("./contract/vote.js") },
  {
    path: "governance contract runtime-option get",
    summary: "Show a switch of a contract",
    load: () => import("./contract/runtimeOption/get.js"),
  },
  {
    path: "governance contract runtime-option set",
    summary: "Stop a contract, or no longer",
    load: () => import("./contract/runtimeOption/set.js"),
  },
  {
    path: "governance contract runtime-option propose",
    summary: "Propose to let logs or telemetry out",
    load: () => import("./contract/runtimeOption/propose.js"),
  },

  {
    path: "governance deployment template propose",
    summary: "Propose a deployment template",
    load: () => import("./deployment/template/propose.js"),
  },
  {
    path: "governance deployment template show",
    summary: "Show the deployment template",
    load: () => import("./deployment/template/show.js"),
  },
  {
    path: "governance deployment policy propose",
    summary: "Propose a clean room policy",
    load: () => import("./deployment/policy/propose.js"),
  },
  { path: "governance deployment policy show", summary: "Show the clean room policy", load: () => import("./deployment/policy/show.js") },
  {
    path: "governance deployment information propose",
    summary: "Propose what is told about a deployment",
    load: () => import("./deployment/information/propose.js"),
  },
  {
    path: "governance deployment information show",
    summary: "Show what is told about a deployment",
    load: () => import("./deployment/information/show.js"),
  },

  {
    path: "governance oidc-issuer propose-enable",
    summary: "Propose to issue tokens",
    load: () => import("./oidcIssuer/proposeEnable.js"),
  },
  {
    path: "governance oidc-issuer generate-signing-key",
    summary: "Make the key that signs tokens",
    load: () => import("./oidcIssuer/generateSigningKey.js"),
  },
  {
    path: "governance oidc-issuer propose-rotate-signing-key",
    summary: "Propose another key",
    load: () => import("./oidcIssuer/proposeRotateSigningKey.js"),
  },
  {
    path: "governance oidc-issuer set-issuer-url",
    summary: "Set the issuer of one's own tenant",
    load: () => import("./oidcIssuer/setIssuerUrl.js"),
  },
  {
    path: "governance oidc-issuer propose-set-issuer-url",
    summary: "Propose the issuer of the service",
    load: () => import("./oidcIssuer/proposeSetIssuerUrl.js"),
  },
  { path: "governance oidc-issuer show", summary: "Show the issuer", load: () => import("./oidcIssuer/show.js") },
];
