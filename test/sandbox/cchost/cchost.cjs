#!/usr/bin/env node
// Stands in for CCF's `cchost`: it takes the same command line and configuration, writes the same files, refuses what CCF refuses, and
// answers what tells that a node is ready. Beside it lie the keys that it uses, and behaviour.json, which says how it is to behave.
const { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } = require("node:fs");
const { createServer } = require("node:https");
const { dirname, join } = require("node:path");

const home = dirname(__dirname);
const { refuse, stubborn, slow } = JSON.parse(readFileSync(join(home, "behaviour.json"), "utf8"));

const log = (level, message) => {
  console.log(
    `${new Date().toISOString().slice(0, -1)}000Z        100 [${level.padEnd(5)}] ../src/host/main.cpp:125             | ${message}`,
  );
};
const exit = (message) => {
  log("fatal", `${message}. Exiting.`);
  process.exit(105);
};

const words = process.argv.slice(2);
const configuration = JSON.parse(readFileSync(words[words.indexOf("--config") + 1], "utf8"));
const { command, ledger, network, output_files } = configuration;
const record = { words, configuration, cwd: process.cwd(), environment: Object.keys(process.env).sort(), stopped: false };
record.members = command.start.members.map((member) =>
  Object.fromEntries(Object.entries(member).map(([key, file]) => [key, readFileSync(file, "utf8")])),
);
record.constitution = command.start.constitution_files.map((file) => readFileSync(file, "utf8"));
const save = () => writeFileSync(join(home, "record.json"), JSON.stringify(record));
save();

if (refuse !== undefined) exit(refuse);
if (existsSync(ledger.directory) && readdirSync(ledger.directory).length > 0)
  exit(`On start, ledger directory should not exist or be empty (${ledger.directory})`);
if (existsSync(output_files.pid_file)) exit(`PID file ${output_files.pid_file} already exists`);
process.on("SIGTERM", () => {
  if (stubborn) return;
  log("info", "SIGTERM: Shutting down enclave gracefully...");
  record.stopped = true;
  save();
  process.exit(0);
});

writeFileSync(output_files.pid_file, String(process.pid));
mkdirSync(ledger.directory);
writeFileSync(join(ledger.directory, "ledger_1"), "");

const read = (name) => readFileSync(join(home, name), "utf8");
writeFileSync(output_files.node_certificate_file, read("node.pem"));
writeFileSync(command.service_certificate_file, read("service.pem"));

const answers = {
  "/node/network": { service_status: "Opening", service_certificate: read("service.pem") },
  "/node/commit": { transaction_id: "2.3" },
};
let asked = 0;
const server = createServer({ key: read("node_key.pem"), cert: read("node.pem") }, (request, response) => {
  // The service is not there at the first request.
  const body = asked++ > 0 ? answers[request.url] : undefined;
  response.writeHead(body ? 200 : 404, { "content-type": "application/json", connection: "close" }).end(JSON.stringify(body ?? {}));
});
const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(network.rpc_interfaces.primary_rpc_interface.bind_address);
setTimeout(() => server.listen(Number(port), host), slow ? 60_000 : 150);

process.on("SIGUSR2", () => exit("A failure in the middle"));
