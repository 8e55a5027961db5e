import { describe, expect, test } from "vitest";
import { artefacts } from "../../../cleanroom/deployment/artefacts.js";
import { allowAllPolicy } from "../../../cleanroom/deployment/allowAllPolicy.js";
import type { Container } from "../../../cleanroom/deployment/container.js";
import { localPolicy } from "../../../cleanroom/deployment/localPolicy.js";
import type { DeploymentPlan } from "../../../cleanroom/deployment/plan.js";
import { localSidecars } from "../../../cleanroom/deployment/sidecars.js";
import { folderOf, imagesIn, ownImages } from "../../../cleanroom/runner/images.js";
import { moving } from "../../../cleanroom/runner/openly.js";
import { resultSinks } from "../../../cleanroom/runner/plan.js";
import { readPlan } from "../../../cleanroom/runner/readPlan.js";

const serviceCertificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const keys = {
  kek: "kek-c1",
  kekVaultUrl: "https://kek.vault.azure.net/",
  maaUrl: "https://maa.example",
  wrappedDek: "wrapped-dek",
  dekVaultUrl: "https://dek.vault.azure.net/",
};
const at = { oneLake: false, accountUrl: "https://sa.blob.core.windows.net/", container: "c", clientId: "client", tenantId: "tenant" };
const agreed = {
  name: "app",
  image: { executable: { backingResource: { id: "r.example/app@sha256:00" } } },
  startType: "Auto",
  command: ["/bin/bash", "run.sh"],
  environmentVariables: { model: "/mnt/remote/in/m.json" },
  datasources: { in: "/mnt/remote/in" },
  datasinks: { out: "/mnt/remote/out/" },
};
const plan: DeploymentPlan = {
  contractId: "c1",
  ccfEndpoint: "https://ccf.example:8000",
  serviceCertificate,
  applications: [{ name: "app", cpu: 1, memoryInGB: 1, ports: [], agreed }],
  volumes: [
    { name: "in", readOnly: true, mode: "CSE", keys, ...at },
    { name: "plainly", readOnly: true, mode: "SSE", ...at },
    { name: "out", readOnly: false, mode: "CPK", keys, ...at },
    { name: "application-telemetry", readOnly: false, mode: "CSE", keys, ...at },
  ],
  identities: { managed: [], federated: ["client"] },
  network: { outbound: {} },
};

const made = async (changes: Partial<DeploymentPlan> = {}, policy: (all: readonly Container[]) => string = localPolicy) =>
  (await artefacts({ ...plan, ...changes }, localSidecars, policy)).template;
const application = (changes: object): Partial<DeploymentPlan> => ({
  applications: [{ name: "app", cpu: 1, memoryInGB: 1, ports: [], agreed: { ...agreed, ...changes } }],
});

test("a template says what the clean room does, as its policy measures it", async () => {
  const { hostData, ...read } = readPlan(JSON.parse(JSON.stringify(await made())));
  expect(hostData).toMatch(/^[0-9a-f]{64}$/);
  const identity = { clientId: "client", tenantId: "tenant", subject: "c1", audience: "api://AzureADTokenExchange" };
  const where = { oneLake: false, accountUrl: at.accountUrl, container: "c", identity };
  expect(read).toEqual({
    policy: "local",
    governance: { ccfEndpoint: plan.ccfEndpoint, serviceCertificate, contractId: "c1" },
    applications: [
      {
        name: "app",
        image: "r.example/app@sha256:00",
        command: ["/bin/bash", "run.sh"],
        environment: { model: "/mnt/remote/in/m.json" },
        startType: "Auto",
        mounts: [
          { volume: "in", path: "/mnt/remote/in", readOnly: true },
          { volume: "out", path: "/mnt/remote/out", readOnly: false },
        ],
      },
    ],
    volumes: [
      { name: "in", readOnly: true, mode: "CSE", keys, ...where },
      { name: "plainly", readOnly: true, mode: "SSE", ...where },
      { name: "out", readOnly: false, mode: "CPK", keys, ...where },
      { name: "application-telemetry", readOnly: false, mode: "CSE", keys, ...where },
    ],
    openings: ["HTTP to the outside"],
  });
  expect(resultSinks({ ...read, hostData }).map(({ name }) => name)).toEqual(["out"]);
});

test("a template under a policy that allows everything is taken as what it is", async () => {
  expect(readPlan(await made({}, () => allowAllPolicy)).policy).toBe("allow-all");
});

describe("what cannot be run here is refused:", () => {
  test.each([
    [
      "an identity that the container group has on Azure",
      { identities: { managed: ["client"], federated: [] } },
      /"in" is read as client client, which takes no token/,
    ],
    ["an application without a command", application({ command: [] }), /application "app" has no command/],
    ["a mount over the system", application({ datasources: { in: "/usr/share" } }), /cannot be mounted at "\/usr\/share"/],
    ["a mount that climbs", application({ datasources: { in: "/mnt/../etc" } }), /cannot be mounted at "\/mnt\/\.\.\/etc"/],
    ["a mount at the root", application({ datasources: { in: "/" } }), /cannot be mounted at "\/"/],
    ["a mount within another", application({ datasources: { in: "/mnt" }, datasinks: { out: "/mnt/out" } }), /mounted into each other/],
    ["two mounts at one place", application({ datasinks: { out: "/mnt/remote/in" } }), /mounted into each other/],
    ["a mount that nothing provides", application({ datasources: { other: "/mnt/x" } }), /mounts "other", and no container provides it/],
    ["a variable that none can be", application({ environmentVariables: { "a=b": "c" } }), /has a variable "a=b"/],
    ["an application whose name leads elsewhere", application({ name: "../up" }), /is called "\.\.\/up"/],
    ["two applications of one name", { applications: [...plan.applications, ...plan.applications] }, /two applications are called "app"/],
    ["no application", { applications: [] }, /no container launches an application/],
    ["a certificate that is none", { serviceCertificate: "none" }, /serviceCert is not the base64 of a certificate/],
  ] as const)("%s", async (_, changes, message) => {
    const template = await made(changes);
    expect(() => readPlan(template)).toThrow(
      expect.objectContaining({ code: "TemplateRefused", message: expect.stringMatching(message) as string }) as Error,
    );
  });
});

test("an image has the folder that a registry names, relative to the registry, or an error that says what to write", () => {
  const images = imagesIn({ images: [{ image: "r/a@sha256:1", folder: "a" }, { image: "r/b@sha256:1", folder: "/b" }] }, "/base", "f"); // prettier-ignore
  expect([folderOf(images, "r/a@sha256:1"), folderOf(images, "r/b@sha256:1")]).toEqual(["/base/a", "/b"]);
  expect(() => folderOf(images, "r/a@sha256:2")).toThrow(
    /no folder of this machine stands for the image r\/a@sha256:2: give --images FILE/,
  );
  for (const bad of [null, [], { images: {} }, { images: [{ image: "a" }] }]) {
    expect(() => imagesIn(bad, "/base", "f")).toThrow(/^f is no registry of images/);
  }
});

test("the image of the tutorial is known without a registry", () => {
  const image = "cleanroomsamples.azurecr.io/depa-training@sha256:3a9b8d8d165bbc1867e23bba7b87d852025d96bd3cb2bb167a6cfc965134ba79";
  expect(folderOf(ownImages("/installation"), image)).toBe("/installation/dist/examples/ml-training/application");
});

test("without a root of their own, texts that begin with a mount are changed, and no others", () => {
  const moved = moving(["/mnt/a", "/data"], "/r");
  expect(["/mnt/a", "/mnt/a/x", "/mnt/ab", "run /mnt/a", "/data/", "a/mnt/a"].map(moved)).toEqual([
    "/r/mnt/a",
    "/r/mnt/a/x",
    "/mnt/ab",
    "run /mnt/a",
    "/r/data/",
    "a/mnt/a",
  ]);
});
