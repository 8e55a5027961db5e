import { expect, test } from "vitest";
import { shellWords } from "../../../cli/config/shellWords.js";
import { parseConfig, type Application } from "../../../cli/config/model.js";
import { desk, publisher, type Desk } from "./parties.js";

test.each([
  ["/bin/bash run.sh", ["/bin/bash", "run.sh"]],
  ["  sh   -c 'echo  \"$HOME\"' ", ["sh", "-c", 'echo  "$HOME"']],
  ['a"b c"d \'\' ""', ["ab cd", "", ""]],
  ['"a\\"b\\c" d\\ e', ['a"b\\c', "d e"]],
  ["", []],
])("a command line is split as a shell would: %j", (line, words) => {
  expect(shellWords(line)).toEqual(words);
});

test.each(["'a", '"a', '"a\\"', "a\\"])("a quote that stays open is refused: %j", (line) => {
  expect(() => shellWords(line)).toThrow("stays open");
});

async function applicationsOf(at: Desk): Promise<readonly Application[]> {
  return parseConfig("c", await at.read("tdp-config")).config.applications;
}

test("the later releases' flags name what is read and what is written; the application waits to be started", async () => {
  const at = await desk();
  const config = await publisher(at);
  const call = ["config", "add-application", "--cleanroom-config", config, "--name", "query", "--image", "r.example/q@sha256:00"];
  await at.do(
    ...[...call, "--command-line", "python3 '/app/query engine.py'", "--datasources", "cowin=/data/cowin", "icmr=/data/icmr"],
    ...[
      "--datasinks",
      "application-telemetry=/out",
      "--ports",
      "8310",
      "8311",
      "--env-vars",
      "A=1",
      "B=x=y",
      "--cpu",
      "1",
      "--memory",
      "2",
    ],
    ...["--acr-access-identity", "tdpmi-0f2c7d1e"],
  );
  expect(await applicationsOf(at)).toMatchObject([
    {
      startType: "Manual",
      command: ["python3", "/app/query engine.py"],
      datasources: { cowin: "/data/cowin", icmr: "/data/icmr" },
      datasinks: { "application-telemetry": "/out" },
      environmentVariables: { A: "1", B: "x=y" },
      image: { executable: { identity: { name: "tdpmi-0f2c7d1e" } } },
      runtimeSettings: { ports: [8310, 8311], resource: { requests: { cpu: 1, memoryInGB: 2 } } },
    },
  ]);
  await at.do(...call, "--cpu", "2", "--memory", "2", "--auto-start");
  expect(await applicationsOf(at)).toMatchObject([{ name: "query", startType: "Auto", datasources: {}, runtimeSettings: { ports: [] } }]);
});

test("identities of all three kinds are added, and data follows when its identity changes", async () => {
  const at = await desk();
  const config = await publisher(at);
  const add = ["config", "add-identity"];
  const to = ["--cleanroom-config", config];
  await at.do(...add, "oidc-attested", ...to, "--name", "own", "--issuer-url", "https://issuer.example");
  await at.do(
    ...[...add, "az-federated", ...to, "-n", "tdpmi-0f2c7d1e", "--client-id", "new", "--tenant-id", "t"],
    ...["--backing-identity", "own", "--issuer-url", "https://login.example"],
  );
  await at.do(
    ...[...add, "az-secret", ...to, "--name", "app", "--client-id", "c", "--tenant-id", "t", "--secret-name", "password"],
    ...["--secret-store-url", "https://v.vault.azure.net/", "--backing-identity", "tdpmi-0f2c7d1e"],
  );
  const { identities, datasources, governance } = parseConfig("c", await at.read("tdp-config")).config;
  expect(identities.map(({ name }) => name)).toEqual(["cleanroom_cgs_oidc", "tdpmi-0f2c7d1e", "own", "app"]);
  const [, federated, own, app] = identities;
  expect(federated?.tokenIssuer).toMatchObject({ issuer: { url: "https://login.example" }, federatedIdentity: own });
  expect(app?.tokenIssuer).toMatchObject({
    issuerType: "SecretBasedTokenIssuer",
    issuer: { protocol: "AzureAD_Secret" },
    secret: { secretType: "Secret", backingResource: { id: "password", provider: { url: "https://v.vault.azure.net/" } } },
    secretAccessIdentity: federated,
  });
  expect(datasources[0]?.identity).toEqual(federated);
  expect(datasources[0]?.protection.encryptionSecretAccessIdentity).toEqual(federated);
  expect(governance?.telemetry?.application?.logs.identity).toEqual(federated);
});

test("connections go to listed addresses only, of either family", async () => {
  const at = await desk();
  const config = await publisher(at);
  const network = async () => parseConfig("c", await at.read("tdp-config")).config.network;
  await at.do("config", "network", "tcp", "enable", "--cleanroom-config", config, "--allowed-ips", "20.61.1.9:5432", "[2001:db8::1]:443");
  expect(await network()).toEqual({
    tcp: {
      outbound: {
        enabled: true,
        allowedIPs: [
          { address: "20.61.1.9", port: 5432 },
          { address: "2001:db8::1", port: 443 },
        ],
      },
    },
  });
  await at.do("config", "network", "http", "enable", "--cleanroom-config", config, "--direction", "outbound");
  await at.do("config", "network", "tcp", "disable", "--cleanroom-config", config);
  expect(Object.keys((await network()) ?? {})).toEqual(["http"]);
  await at.do("config", "network", "http", "disable", "--cleanroom-config", config, "--direction", "outbound");
  expect(await network()).toBeUndefined();
});
