import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { allowAllHostData } from "../../../cleanroom/deployment/allowAllPolicy.js";
import { sidecarNames } from "../../../cleanroom/deployment/sidecars.js";
import type { Place } from "../consortium.js";
import { shell } from "../run.js";
import { accept, agreedContract, agreeOn } from "./agreed.js";

type Template = {
  tags?: unknown;
  resources: [{ properties: { confidentialComputeProperties: { ccePolicy: string }; containers: { name: string; properties: { image: string } }[] } }]; // prettier-ignore
};

const files = ["cleanroom-arm-template.json", "cleanroom-governance-policy.json", "cleanroom-policy-in.json", "cleanroom-policy.rego"];
const generate = ({ folder }: Place, more = ""): string =>
  `governance deployment generate --contract-id collab1-ml --output-dir ${folder}${more}`;
const verify = "governance deployment verify --contract-id collab1-ml";

async function written(place: Place): Promise<{ template: Template; hostData: string; policy: Buffer; input: Template }> {
  const read = (name: string): Promise<Buffer> => readFile(join(place.folder, name));
  const json = async (name: string): Promise<unknown> => JSON.parse((await read(name)).toString()) as unknown;
  const { claims } = (await json("cleanroom-governance-policy.json")) as { claims: Record<string, string> };
  return {
    template: (await json("cleanroom-arm-template.json")) as Template,
    hostData: claims["x-ms-sevsnpvm-hostdata"] ?? "",
    policy: await read("cleanroom-policy.rego"),
    input: (await json("cleanroom-policy-in.json")) as Template,
  };
}

test("a contract's deployment is generated, agreed on, and verified by every member", async () => {
  const place = await agreedContract();
  expect((await place.attempt("isv", generate(place))).notes).toMatch(
    /for the local runner; for Azure give .*\nHost data of the policy: [0-9a-f]{64}$/,
  );
  const { template, hostData, policy } = await written(place);
  expect(createHash("sha256").update(policy).digest("hex")).toBe(hostData);
  const { confidentialComputeProperties, containers } = template.resources[0].properties;
  expect(Buffer.from(confidentialComputeProperties.ccePolicy, "base64")).toEqual(policy);
  expect(containers.map(({ name }) => name)).toEqual([
    ...["depa-training-code-launcher", "identity-sidecar", "ccr-proxy", "ccr-proxy-ext-processor-gov"],
    ...["model", "config", "cowin", "icmr", "index", "output", "application-telemetry", "infrastructure-telemetry"].flatMap((name) => [
      `${name}-plain-blobfuse-container`,
      `${name}-blobfuse-container`,
    ]),
    ...["otel-collector", "ccr-governance", "ccr-attestation", "skr-sidecar", "ccr-secrets"],
  ]);
  expect(policy.toString()).not.toContain("{contractId}");

  expect(await place.attempt("tdp", verify)).toMatchObject({
    status: 1,
    notes: 'error: no template is agreed on for contract "collab1-ml" yet',
  });
  await agreeOn(place, "collab1-ml");
  expect(JSON.parse(await place.as("tdp", verify))).toEqual({ contractId: "collab1-ml", hostData, policy: "local", verified: true });
  const file = join(place.folder, files[0] ?? "");
  await place.as("tdc", `${verify} --template-file ${file}`);

  const other = JSON.stringify(template).replaceAll("depa-training-code-launcher", "evil");
  await writeFile(file, other);
  const refused = await place.attempt("tdc", `${verify} --template-file ${file}`);
  expect({ status: refused.status, out: refused.out }).toEqual({ status: 1, out: "" });
  expect(refused.notes.split("\n")).toEqual([
    'error: the template is not what was agreed on for contract "collab1-ml"',
    '  template: resources[0].properties.containers[0].name is "evil" here, "depa-training-code-launcher" agreed on',
    expect.stringMatching(/^ {2}container evil: it is \{.* in the template, absent in the policy$/),
    expect.stringMatching(/^ {2}container depa-training-code-launcher: it is absent in the template, \{.* in the policy$/),
  ]);

  // Another member gets the same bytes.
  await place.as("tdc", generate(place));
  expect(await written(place)).toMatchObject({ hostData, template });

  // The older flag; its claim is the digest of its text, and no other.
  for (const flag of [" --allow-all", " --security-policy-creation-option allow-all"]) {
    expect((await place.attempt("isv", generate(place, flag))).notes).toMatch(/^warning: the policy allows everything/);
    expect(await written(place)).toMatchObject({ hostData: allowAllHostData });
  }
  const mixed = await place.attempt("isv", `${verify} --template-file ${file}`);
  expect(mixed).toMatchObject({
    status: 1,
    notes: expect.stringContaining(`policy: host data of the template is ${allowAllHostData}`) as unknown,
  });
});

test("az confcom makes the policy where it is there, from the input that is kept beside it", async () => {
  const place = await agreedContract();
  const digest = `sha256:${"cd".repeat(32)}`;
  const sidecars = join(place.folder, "sidecars.yaml");
  const list = sidecarNames.map((image) => `- {image: ${image}, digest: "${digest}"}`).join("\n");
  await writeFile(sidecars, `version: "3.0.0"\nregistry: mcr.example/cleanroom\nsidecars:\n${list}\n`);
  const line = generate(place, ` --sidecars ${sidecars} --security-policy-creation-option generate-debug`);
  const before = await readdir(place.folder);

  expect(await place.attempt("isv", generate(place, " --security-policy-creation-option generate"))).toMatchObject({
    status: 1,
    notes: expect.stringMatching(/^error: generate needs images that can be pulled: give --sidecars FILE/) as unknown,
  });
  const az = (script: string): Promise<Place> => withAz(place, script);
  expect((await (await az("")).attempt("isv", line)).notes).toMatch(
    /^error: the policy is made by the Azure CLI, which is not on the PATH as az/,
  );
  expect(await (await az("echo cannot pull >&2; exit 3")).attempt("isv", line)).toMatchObject({
    status: 1,
    notes: "cannot pull\nerror: az confcom acipolicygen failed with status 3",
  });
  expect(await readdir(place.folder)).toEqual(before);

  const echo = 'echo "$@" >&2; while [ $# -gt 0 ]; do case "$1" in -i) in=$2;; -s) out=$2;; esac; shift; done; /bin/cat "$in" > "$out"';
  const { status, notes } = await (await az(echo)).attempt("isv", line);
  expect({ status, notes }).toEqual({
    status: 0,
    notes: expect.stringMatching(/^confcom acipolicygen -i \S+ --outraw-pretty-print -s \S+ --debug-mode\nHost data/) as unknown,
  });
  const { policy, hostData, template, input } = await written(place);
  expect(JSON.parse(policy.toString())).toEqual(input);
  expect(hostData).toBe(createHash("sha256").update(policy).digest("hex"));
  expect(template.resources[0].properties.containers[1]?.properties.image).toBe(`mcr.example/cleanroom/identity@${digest}`);
});

/** The place with a PATH of its own, on which `az` is this script; without one where there is no script. */
async function withAz(place: Place, script: string): Promise<Place> {
  const bin = join((await shell()).folder, "bin");
  await mkdir(bin);
  if (script !== "") {
    await writeFile(join(bin, "az"), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, "az"), 0o755);
  }
  const { run } = await shell({ PATH: bin, CLEANROOM_HOME: join(place.folder, "home") });
  return { ...place, attempt: (name, line) => run([...line.split(" "), "--governance-client", `${name}-client`]) };
}

test("the folder for the files is made, and of files that belong together none is new where one cannot be written", async () => {
  const place = await agreedContract();
  const folder = join(place.folder, "new/folder");
  await place.as("isv", generate(place, "/new/folder"));
  expect((await readdir(folder)).sort()).toEqual(files);
  const [template = "", last = ""] = files;
  await writeFile(join(folder, template), "old");
  await rm(join(folder, last));
  await mkdir(join(folder, last));
  const { status, notes } = await place.attempt("isv", generate(place, "/new/folder"));
  expect({ status, last: notes.split("\n").at(-1) }).toEqual({
    status: 1,
    last: `error: cannot write ${join(folder, last)}: it is a folder`,
  });
  expect(await readFile(join(folder, template), "utf8")).toBe("old");
  expect((await readdir(folder)).sort()).toEqual(files);
});

test("what cannot be deployed is refused in one line, and nothing is written", async () => {
  const place = await agreedContract();
  const before = await readdir(place.folder);
  const problem = async (line: string): Promise<string> => (await place.attempt("isv", line)).notes;
  const file = join(place.folder, "home/clients/isv-client.json");
  expect(await problem(generate(place).replace(place.folder, file))).toBe(`error: ${file} is no folder`);
  expect(await problem(generate(place, " --allow-all --security-policy-creation-option local"))).toMatch(
    /contradict each other\nSee --help/,
  );
  expect(await problem(generate(place, " --security-policy-creation-option cached"))).toMatch(
    /^error: no policies of sidecars are kept here: give .* generate instead of cached\n/,
  );
  expect(await problem(generate(place, " --sidecars absent.yaml"))).toMatch(/^error: cannot read absent.yaml/);

  const of = (id: string): string => generate(place).replace("collab1-ml", id);
  expect(await problem(of("absent"))).toMatch(/^error: ContractNotFound/);
  await place.as("isv", "governance contract create --id draft --data text");
  expect(await problem(of("draft"))).toBe('error: contract "draft" is not accepted, it is Draft: there is nothing agreed to deploy');
  await accept(place, "poem", "roses: red\n");
  expect(await problem(of("poem"))).toMatch(/^error: contract poem:1:1: /);
  const empty = "identities: []\ndatasources: []\ndatasinks: []\napplications: []\n";
  await accept(place, "empty", empty);
  expect(await problem(of("empty"))).toBe('error: contract "empty" has no application: there is nothing to deploy');
  expect(await readdir(place.folder)).toEqual(before);
});
