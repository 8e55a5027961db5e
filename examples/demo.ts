import { copyFile, mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Interrupted, Terminal } from "./terminal.js";

/*
 * From nothing to an agreed contract: a consortium of three organisations is set up, the ml-training contract is proposed, and all agree.
 * Every step is the real `cleanroom` command in a process of its own, as a person would type it, against a real service.
 */

const root = join(import.meta.dirname, "..");
const contractId = "collab1-ml";
const tenants = { tdp: "b5d4a7e0-82c1-4f39-a6e2-90c7d13f58ab", tdc: "6e20f9c3-1b7d-4a85-9f04-d8a35c7e21b6" };

const started = performance.now();
const folder = await mkdtemp(join(tmpdir(), "cleanroom-demo-"));
const bin = join(folder, ".bin");
await mkdir(bin);
await symlink(join(root, "bin", "cleanroom.mjs"), join(bin, "cleanroom"));
await copyFile(join(root, "examples", "ml-training", "cleanroom-config.yaml"), join(folder, "cleanroom-config.yaml"));
const terminal = new Terminal(folder, {
  ...process.env,
  PATH: `${bin}:${process.env.PATH ?? ""}`,
  CLEANROOM_HOME: join(folder, ".cleanroom"),
});

try {
  const service = await createConsortium();
  const contract = await agreeOnContract();
  await outliveARestart(service, contract);
  console.log(`\nDone in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
} catch (error) {
  fail(error);
}
await stopAll().catch(fail);
await rm(folder, { recursive: true, force: true });

function fail(error: unknown): void {
  console.error(`\n${error instanceof Interrupted ? "Interrupted." : String(error)}`);
  process.exitCode = 1;
}

type Service = { readonly url: string; readonly port: number };

async function createConsortium(): Promise<Service> {
  terminal.heading("Every organisation makes its own keys");
  await terminal.typeTogether(
    ["isv", "tdp", "tdc"].map((name) => `cleanroom governance member keygenerator-sh | bash -s -- --name ${name} --out ${name}`),
  );

  terminal.heading("isv starts a service, with itself as the only member");
  await terminal.type(`echo '{"identifier": "isv"}' > isv/isv_data.json`);
  const service = JSON.parse(
    await terminal.type("cleanroom sandbox start --members isv --dir data --port 0 --detach --query '{url: url, port: port, pid: pid}'"),
  ) as Service;
  await terminal.type(deployClient("isv", service, "--service-cert data/service_cert.pem"));
  await terminal.type("cleanroom governance member activate --governance-client isv-client");
  await terminal.type("cleanroom governance service deploy --governance-client isv-client");

  terminal.heading("isv invites tdp and tdc, and tells them the fingerprint of the service");
  await terminal.type("openssl x509 -in data/service_cert.pem -noout -fingerprint -sha256");
  const proposalIds = await terminal.typeTogether(
    (["tdp", "tdc"] as const).map(
      (name) =>
        `cleanroom governance member add --certificate ${name}/${name}_cert.pem --identifier ${name} --tenant-id ${tenants[name]} ` +
        "--query proposalId --output tsv --governance-client isv-client",
    ),
  );
  await terminal.typeTogether(proposalIds.map((proposalId) => `${accept("isv", proposalId)} --query proposalState`));

  terminal.heading("tdp and tdc join");
  await terminal.typeTogether([deployClient("tdp", service), deployClient("tdc", service)]);
  await terminal.typeTogether(["tdp", "tdc"].map((name) => `cleanroom governance member activate --governance-client ${name}-client`));
  await terminal.type(
    "cleanroom governance member show --governance-client isv-client --output table " +
      "--query 'value[].{member: memberData.identifier, status: status, tenant: memberData.tenantId, id: memberId}'",
  );
  return service;
}

/** @returns the accepted contract, as JSON */
async function agreeOnContract(): Promise<string> {
  terminal.heading("isv proposes the contract");
  await terminal.type(
    `cleanroom governance contract create --id ${contractId} --data @cleanroom-config.yaml --governance-client isv-client`,
  );
  const version = await terminal.type(`${show("isv")} --query version --output tsv`);
  await terminal.type(`cleanroom governance contract propose --id ${contractId} --version ${version} --governance-client isv-client`);
  const proposalId = await terminal.type(`${show("isv")} --query proposalId --output tsv`);
  await terminal.type(`${show("tdp")} --query '{state: state, version: version}'`);

  terminal.heading("All three agree");
  for (const name of ["isv", "tdp", "tdc"]) {
    await terminal.type(
      `cleanroom governance contract vote --id ${contractId} --proposal-id ${proposalId} --action accept ` +
        `--query '{state: proposalState, ballots: ballotCount}' --governance-client ${name}-client`,
    );
  }
  await terminal.type(`${show("tdc")} --query '{id: id, state: state, proposalId: proposalId, finalVotes: finalVotes}' --output yaml`);
  const { out } = await terminal.run(show("tdc"));
  return out;
}

async function outliveARestart({ port }: Service, contract: string): Promise<void> {
  terminal.heading("The service is stopped and goes on from its ledger");
  await terminal.type(`cleanroom sandbox stop --port ${port}`);
  await terminal.type(`cleanroom sandbox start --dir data --resume --port ${port} --detach --query '{url: url, pid: pid}'`);
  await terminal.type(`${show("tdp")} --query '{state: state, finalVotes: length(finalVotes)}'`);
  const { out } = await terminal.run(show("tdc"));
  if (out !== contract) throw new Error("the contract is not the one that was accepted before the restart");
  if (!out.includes('"state": "Accepted"')) throw new Error("the contract was not accepted");
  console.log("  The contract is the same to the letter.");
}

function deployClient(name: string, { url }: Service, more = ""): string {
  return (
    `cleanroom governance client deploy --ccf-endpoint ${url} --signing-cert ${name}/${name}_cert.pem ` +
    `--signing-key ${name}/${name}_privk.pem --name ${name}-client ${more}`
  ).trim();
}

function accept(name: string, proposalId: string): string {
  return `cleanroom governance proposal vote --proposal-id ${proposalId} --action accept --governance-client ${name}-client`;
}

function show(name: string): string {
  return `cleanroom governance contract show --id ${contractId} --governance-client ${name}-client`;
}

/** Whatever this demo started; other services have other homes. */
async function stopAll(): Promise<void> {
  const { status, out, notes } = await terminal.run("cleanroom sandbox status --query '[].port' --output tsv");
  if (status !== 0) throw new Error(`cannot find out what still runs: ${notes}`);
  for (const port of out.split("\n").filter((line) => line !== "")) {
    const stopped = await terminal.run(`cleanroom sandbox stop --port ${port}`);
    if (stopped.status !== 0) throw new Error(`the service at port ${port} may still run: ${stopped.notes}`);
  }
}
