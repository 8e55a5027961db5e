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
  "governance service upgrade": "Upgrades that are proposed",
  "governance contract secret": "What only clean rooms are told",
  "governance contract delegate": "Whom clean rooms have let in besides themselves",
  "governance contract event": "What clean rooms write down",
  "governance ca": "Certificates for the servers in clean rooms",
  "governance signing": "Signatures for clean rooms",
  "governance document": "Documents that clean rooms may read",
  "governance member-document": "The same, by its newer name",
  "governance network": "The service, and its recovery",
};

const documentCommands: readonly Row[] = [
  { path: "governance document create", summary: "Write a draft", load: () => import("./document/create.js") },
  { path: "governance document show", summary: "Show a document", load: () => import("./document/show.js") },
  { path: "governance document list", summary: "List the documents", load: () => import("./document/list.js") },
  { path: "governance document propose", summary: "Propose a draft to the members", load: () => import("./document/propose.js") },
  { path: "governance document vote", summary: "Accept or reject a document", load: () => import("./document/vote.js") },
];

/** Later releases of the public tools call documents by another name. */
const memberDocumentCommands = documentCommands.map((row) => ({
  ...row,
  path: row.path.replace("document", "member-document"),
  aliasOf: row.path,
}));

export const governanceCommands: readonly Row[] = [
  { path: "governance client deploy", summary: "Set up a client", load: () => import("./client/deploy.js") },
  { path: "governance client show", summary: "Show a client", load: () => import("./client/show.js") },
  { path: "governance client remove", summary: "Forget a client", load: () => import("./client/remove.js") },
  { path: "governance client show-deployment", summary: "Show what runs for a client", load: () => import("./client/showDeployment.js") },
  { path: "governance client version", summary: "Show the version of this installation", load: () => import("./client/version.js") },
  {
    path: "governance client get-upgrades",
    summary: "Compare this installation with a release",
    load: () => import("./client/getUpgrades.js"),
  },

  {
    path: "governance service deploy",
    summary: "Propose, and vote for, constitution and application",
    load: () => import("./service/deploy.js"),
  },
  { path: "governance service verify", summary: "Compare a service with what was built", load: () => import("./service/verify.js") },
  { path: "governance service version", summary: "Show what a service runs", load: () => import("./service/version.js") },
  { path: "governance service get-upgrades", summary: "Compare a service with a release", load: () => import("./service/getUpgrades.js") },
  {
    path: "governance service upgrade-constitution",
    summary: "Propose another constitution",
    load: () => import("./service/upgradeConstitution.js"),
  },
  { path: "governance service upgrade-js-app", summary: "Propose another application", load: () => import("./service/upgradeJsApp.js") },
  {
    path: "governance service upgrade status",
    summary: "List the open proposals of upgrades",
    load: () => import("./service/upgradeStatus.js"),
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
  { path: "governance proposal create", summary: "Propose any actions", load: () => import("./proposal/create.js") },
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
    path: "governance contract verify",
    summary: "Prove that a contract was agreed upon",
    load: () => import("./contract/verify/command.js"),
  },
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
  { path: "governance contract secret set", summary: "Keep a secret for clean rooms", load: () => import("./contract/secret/set.js") },
  { path: "governance contract secret list", summary: "List the secrets", load: () => import("./contract/secret/list.js") },
  {
    path: "governance contract secret get-cleanroom-policy",
    summary: "Show who else is given a secret",
    load: () => import("./contract/secret/getCleanroomPolicy.js"),
  },
  {
    path: "governance contract delegate list",
    summary: "List what others are let in for",
    load: () => import("./contract/delegate/list.js"),
  },
  {
    path: "governance contract delegate show",
    summary: "Show who is let in for one purpose",
    load: () => import("./contract/delegate/show.js"),
  },
  {
    path: "governance contract event list",
    summary: "Show what a clean room has written down",
    load: () => import("./contract/event/list.js"),
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

  { path: "governance ca propose-enable", summary: "Propose a certificate authority", load: () => import("./ca/proposeEnable.js") },
  { path: "governance ca generate-key", summary: "Make the authority's key", load: () => import("./ca/generateKey.js") },
  { path: "governance ca propose-rotate-key", summary: "Propose another key", load: () => import("./ca/proposeRotateKey.js") },
  { path: "governance ca show", summary: "Show the authority", load: () => import("./ca/show.js") },

  { path: "governance signing propose-enable", summary: "Propose to sign payloads", load: () => import("./signing/proposeEnable.js") },
  {
    path: "governance signing generate-signing-key",
    summary: "Make the key that signs payloads",
    load: () => import("./signing/generateSigningKey.js"),
  },
  {
    path: "governance signing propose-rotate-signing-key",
    summary: "Propose another key",
    load: () => import("./signing/proposeRotateSigningKey.js"),
  },
  { path: "governance signing show", summary: "Show the keys", load: () => import("./signing/show.js") },

  ...documentCommands,
  ...memberDocumentCommands,

  { path: "governance network show", summary: "Show the service", load: () => import("./network/show.js") },
  {
    path: "governance network set-recovery-threshold",
    summary: "Propose how many recover a service",
    load: () => import("./network/setRecoveryThreshold.js"),
  },
];
