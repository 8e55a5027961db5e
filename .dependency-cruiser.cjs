// Who may import whom (docs/architecture.md). A wrong arrow fails `npm run lint`.
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: "error",
  from: { path: `^${from}/` },
  to: {
    path: "^(src|constitution|sandbox|client|cli|cleanroom|azure|examples|test|bench|build)/",
    pathNot: `^(${[from, ...allowed].join("|")})/`,
  },
});

module.exports = {
  forbidden: [
    { name: "no-circles", severity: "error", from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } } },
    only("src-stands-alone", "src", [], "The application imports nothing of the product outside itself."),
    only(
      "constitution-uses-tables-and-models",
      "constitution",
      ["src/kv", "src/model", "src/encoding"],
      "The constitution shares tables and schemas with the application, nothing else.",
    ),
    only("sandbox-stands-alone", "sandbox", [], "The sandbox knows nothing of clean rooms; it could be a package of its own."),
    only("client-stands-alone", "client", ["src"], "The client may import types of the application."),
    {
      name: "client-imports-types-only",
      severity: "error",
      from: { path: "^client/" },
      to: { path: "^src/", dependencyTypesNot: ["type-only"] },
    },
    only("azure-stands-alone", "azure", [], "Adapters to cloud services know nothing of the product."),
    only(
      "cleanroom-uses-client-and-azure",
      "cleanroom",
      ["client", "azure"],
      "The agent talks to governance and to the cloud, not to the command line.",
    ),
    only(
      "cli-is-on-top",
      "cli",
      ["client", "sandbox", "cleanroom", "azure", "examples/ml-training/scenario"],
      "The command is thin; it does not reach into the application. It lays out an example.",
    ),
    only(
      "example-application-stands-alone",
      "examples/ml-training/application",
      [],
      "What runs in a clean room is the consumer's own: it knows nothing of the product.",
    ),
    only(
      "example-scenario-stands-alone",
      "examples/ml-training/scenario",
      ["examples/ml-training/application"],
      "What the parties bring along is made without the product.",
    ),
    {
      name: "application-has-one-dependency",
      comment: "What runs in the enclave is ours, the CCF types, and jsrsasign in the CA alone.",
      severity: "error",
      from: { path: "^(src|constitution)/", pathNot: "^src/ca/" },
      to: { path: "node_modules", pathNot: "node_modules/(@microsoft/ccf-app|json-schema-to-ts)/" },
    },
    { name: "no-unresolved", severity: "error", from: {}, to: { couldNotResolve: true, pathNot: "^#" } },
    { name: "tests-are-not-imported", severity: "error", from: { pathNot: "^(test|bench)/" }, to: { path: "^test/" } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(dist|coverage)/" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
