import type { Row } from "../row.js";

export const configGroups: Readonly<Record<string, string>> = {
  config: "The configuration of a clean room: data, applications, keys",
  "config add-identity": "Who the clean room is towards cloud services",
  "config network": "What passes the borders of the clean room",
  "config network http": "HTTP, in and out",
  "config network tcp": "Connections to addresses outside",
  "config network dns": "Looking names up",
  secretstore: "Places for secrets and keys",
  datastore: "Places for data",
};

/** What describes a clean room, its data and its keys before anybody agrees on it. */
export const configCommands: readonly Row[] = [
  { path: "config init", summary: "Begin a configuration", load: () => import("./init.js") },
  { path: "config view", summary: "Join the configurations of several parties", load: () => import("./view.js") },
  { path: "config validate", summary: "Check a configuration", load: () => import("./validate.js") },
  { path: "config set-kek", summary: "Say where key encryption keys will be", load: () => import("./setKek.js") },
  { path: "config add-datasource", summary: "Add data that is read", load: () => import("./addDatasource.js") },
  { path: "config add-datasink", summary: "Add a place for results", load: () => import("./addDatasink.js") },
  { path: "config set-logging", summary: "Add a place for the output of applications", load: () => import("./setLogging.js") },
  { path: "config set-telemetry", summary: "Add a place for what the clean room reports", load: () => import("./setTelemetry.js") },
  { path: "config add-application", summary: "Add an application", load: () => import("./addApplication.js") },
  {
    path: "config add-identity az-federated",
    summary: "Add an identity that takes tokens of governance",
    load: () => import("./identity/azFederated.js"),
  },
  {
    path: "config add-identity az-secret",
    summary: "Add an identity with a password",
    load: () => import("./identity/azSecret.js"),
  },
  {
    path: "config add-identity oidc-attested",
    summary: "Add an identity that attestation proves",
    load: () => import("./identity/oidcAttested.js"),
  },
  { path: "config wrap-deks", summary: "Give the clean room the keys of the data", load: () => import("./wrapDeks.js") },
  { path: "config wrap-secret", summary: "Give the clean room a secret", load: () => import("./wrapSecret.js") },
  { path: "config create-kek", summary: "Make key encryption keys for a policy", load: () => import("./createKek.js") },
  { path: "config network http enable", summary: "Let HTTP through", load: () => import("./network/httpEnable.js") },
  { path: "config network http disable", summary: "Stop HTTP", load: () => import("./network/httpDisable.js") },
  {
    path: "config network tcp enable",
    summary: "Allow connections to some addresses",
    load: () => import("./network/tcpEnable.js"),
  },
  { path: "config network tcp disable", summary: "Allow no connections", load: () => import("./network/tcpDisable.js") },
  { path: "config network dns enable", summary: "Allow names to be looked up", load: () => import("./network/dnsEnable.js") },
  { path: "config network dns disable", summary: "Forbid names to be looked up", load: () => import("./network/dnsDisable.js") },
  { path: "secretstore add", summary: "Describe a place for secrets", load: () => import("../secretstore/add.js") },
  { path: "datastore add", summary: "Describe a place for data", load: () => import("../datastore/add.js") },
];
