import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { builtFile } from "../../cli/installation.js";
import { allowAllPolicy } from "../../cli/governance/deployment/allowAll.js";
import { startSandbox } from "../../sandbox/index.js";
import { member } from "../client/authority.js";
import { shell } from "./run.js";

const contractId = "collab1-ml";
const tenants = { tdp: "b5d4a7e0-82c1-4f39-a6e2-90c7d13f58ab", tdc: "6e20f9c3-1b7d-4a85-9f04-d8a35c7e21b6" };
const template = { $schema: "https://schema.management.azure.com/…", resources: [{ type: "Microsoft.ContainerInstance/containerGroups" }] };

test("the governance commands of the ml-training tutorial work as the tutorial writes them, for all three parties", async () => {
  const { folder, run } = await shell();
  const certDir = join(folder, "demo-resources");
  const outDir = join(certDir, "deployments");
  await mkdir(outDir, { recursive: true });
  for (const name of ["isv", "tdp", "tdc"]) {
    const { certificate, keyPem } = member(name);
    await writeFile(join(certDir, `${name}_cert.pem`), certificate);
    await writeFile(join(certDir, `${name}_privk.pem`), keyPem, { mode: 0o600 });
  }
  const constitution = await readFile(builtFile("constitution.js"), "utf8");
  const certificate = await readFile(join(certDir, "isv_cert.pem"), "utf8");
  const service = await startSandbox({
    members: [{ certificate, data: { identifier: "isv" } }],
    constitution,
    port: 0,
    signatures: { milliseconds: 20 },
  });
  onTestFinished(() => service.stop());
  /** What a command prints, without the line feed at the end, as `$(...)` of a shell has it. */
  const governance = async (...argv: string[]): Promise<string> => {
    const { status, out, notes } = await run(["governance", ...argv]);
    if (status !== 0) throw new Error(`${argv.join(" ")}: ${notes}`);
    return out.replace(/\n$/, "");
  };
  const deployClient = (name: string) =>
    governance(
      ...["client", "deploy", "--ccf-endpoint", service.url ?? "", "--signing-cert", `${certDir}/${name}_cert.pem`],
      ...["--signing-key", `${certDir}/${name}_privk.pem`, "--name", `${name}-client`],
    );

  // 4.4 Create the consortium
  expect(await deployClient("isv")).toBe("");
  expect(await governance("member", "activate", "--governance-client", "isv-client")).toBe("");
  expect(await governance("service", "deploy", "--governance-client", "isv-client")).toBe("");
  for (const name of ["tdp", "tdc"] as const) {
    const proposalId = await governance(
      ...["member", "add", "--certificate", `${certDir}/${name}_cert.pem`, "--identifier", name, "--tenant-id", tenants[name]],
      ...["--query", "proposalId", "--output", "tsv", "--governance-client", "isv-client"],
    );
    expect(proposalId).toMatch(/^[0-9a-f]{64}$/);
    const voted = await governance(
      "proposal",
      "vote",
      "--proposal-id",
      proposalId,
      "--action",
      "accept",
      "--governance-client",
      "isv-client",
    );
    expect(JSON.parse(voted)).toMatchObject({ proposalId, proposalState: "Accepted" });
  }
  for (const name of ["tdp", "tdc"]) {
    await deployClient(name);
    await governance("member", "activate", "--governance-client", `${name}-client`);
  }

  // 8. and 9. The contract
  const data = "specification:\n  applications: []\n";
  expect(await governance("contract", "create", "--data", data, "--id", contractId, "--governance-client", "isv-client")).toBe("");
  const show = (...more: string[]) => governance("contract", "show", "--id", contractId, ...more, "--governance-client", "isv-client");
  const version = await show("--query", "version", "--output", "tsv");
  await governance("contract", "propose", "--version", version, "--id", contractId, "--governance-client", "isv-client");
  const contract = JSON.parse(await show()) as { proposalId: string };
  const states: unknown[] = [];
  for (const name of ["isv", "tdp", "tdc"]) {
    const voted = await governance(
      ...["contract", "vote", "--id", contractId, "--proposal-id", contract.proposalId, "--action", "accept"],
      ...["--governance-client", `${name}-client`],
    );
    states.push((JSON.parse(voted) as { proposalState: string }).proposalState);
  }
  expect(states).toEqual(["Open", "Open", "Accepted"]);

  // 10. Template, policy and log collection are proposed
  await writeFile(`${outDir}/cleanroom-arm-template.json`, JSON.stringify(template));
  await writeFile(`${outDir}/cleanroom-governance-policy.json`, JSON.stringify(allowAllPolicy));
  const about = ["--contract-id", contractId, "--governance-client", "isv-client"];
  await governance("deployment", "template", "propose", "--template-file", `${outDir}/cleanroom-arm-template.json`, ...about);
  await governance("deployment", "policy", "propose", "--policy-file", `${outDir}/cleanroom-governance-policy.json`, ...about);
  await governance("contract", "runtime-option", "propose", "--option", "logging", "--action", "enable", ...about);
  await governance("contract", "runtime-option", "propose", "--option", "telemetry", "--action", "enable", ...about);

  // 10. and 11. Everybody looks each proposal up, and accepts it
  const shown = [
    ["deployment", "template", "show"],
    ["deployment", "policy", "show"],
    ["contract", "runtime-option", "get", "--option", "logging"],
    ["contract", "runtime-option", "get", "--option", "telemetry"],
  ];
  for (const clientName of ["isv-client", "tdp-client", "tdc-client"]) {
    for (const command of shown) {
      const proposalId = await governance(
        ...[...command, "--contract-id", contractId, "--governance-client", clientName, "--query", "proposalIds[0]", "--output", "tsv"],
      );
      await governance("proposal", "vote", "--proposal-id", proposalId, "--action", "accept", "--governance-client", clientName);
    }
  }
  const agreed = await Promise.all(shown.map((command) => governance(...command, ...about)));
  const hostData = allowAllPolicy.claims["x-ms-sevsnpvm-hostdata"];
  expect(agreed.map((text) => JSON.parse(text) as unknown)).toEqual([
    { proposalIds: [], data: template },
    { proposalIds: [], policy: { "x-ms-sevsnpvm-is-debuggable": [false], "x-ms-sevsnpvm-hostdata": [hostData] } },
    { proposalIds: [], status: "enabled" },
    { proposalIds: [], status: "enabled" },
  ]);

  // 12. Each data provider's script names the issuer for its own tenant
  for (const name of ["tdp", "tdc"] as const) {
    const issuerUrl = `https://${name}.example/oidc`;
    const client = ["--governance-client", `${name}-client`];
    expect(JSON.parse(await governance("oidc-issuer", "show", ...client))).toEqual({ enabled: true });
    expect(await governance("oidc-issuer", "set-issuer-url", "--url", issuerUrl, ...client)).toBe("");
    expect(JSON.parse(await governance("oidc-issuer", "show", ...client))).toEqual({
      enabled: true,
      tenantData: { tenantId: tenants[name], issuerUrl },
    });
  }

  // 13. What is deployed is what was agreed on
  expect(JSON.parse(await governance("deployment", "template", "show", ...about, "--query", "data"))).toEqual(template);
}, 120_000);
