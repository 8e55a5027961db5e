import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { liveAttester } from "../../cleanroom/runner/attester.js";
import type { RoomPlan } from "../../cleanroom/runner/plan.js";
import { readPlan } from "../../cleanroom/runner/readPlan.js";
import { runRoom, type RoomResult } from "../../cleanroom/runner/room.js";
import { setCleanRoomPolicy, setDeploymentTemplate, type PolicyChange } from "../../client/deployment.js";
import type { AttestRequest } from "../../sandbox/index.js";
import { virtually } from "../cleanroom/world.js";
import { collected } from "../cleanroom/blocks/streams.js";
import { image } from "../cli/config/parties.js";
import { agree, setContract } from "../support/party.js";
import { createResources, issueTokens, refusalOf, scenario, setupAccess, type Scenario } from "./place.js";

const ID = "collab1-ml";

let at: Scenario;
let template: Readonly<Record<string, unknown>>;
let plan: RoomPlan;
let account: string;
const file = (name: string): string => join(at.folder, name);

async function succeed(...words: readonly string[]): Promise<string> {
  const { status, out, notes } = await at.run(words);
  if (status !== 0) throw new Error(`${words.join(" ")}: ${notes}`);
  return out;
}

const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(file(name), "utf8")) as unknown;

/** The tutorial with one party, from its data to the access of the clean room. */
beforeAll(async () => {
  at = await scenario(afterAll);
  await issueTokens(at);
  const { storage, vault, identity } = await createResources(at, "publisher");
  account = at.cloud().blobEndpointOf(storage);
  const own = ["--cleanroom-config", file("config")];
  const where = [...own, "--storage-account", storage, "--identity", identity, "--dek-key-vault", vault];
  await succeed("config", "init", ...own);
  await succeed("config", "set-kek", "--kek-key-vault", vault, "--maa-url", at.cloud().attestationEndpoint ?? "", ...own);
  await succeed("config", "add-datasource", "--name", "cowin", ...where);
  await succeed("config", "add-datasink", "--name", "output", ...where);
  await mkdir(file("cowin"));
  await writeFile(file("cowin/a.csv"), "key,dose\n1,2\n");
  await succeed("datasource", "upload", ...own, "--name", "cowin", "--dataset-folder", file("cowin"));
  await succeed(
    ...["config", "add-application", ...own, "--name", "trainer", "--image", image, "--command", "/bin/bash run.sh"],
    ...["--mounts", "src=cowin,dst=/mnt/remote/cowin", "src=output,dst=/mnt/remote/output", "--cpu", "0.5", "--memory", "1"],
  );
  await agree(at.everybody, setContract(ID, await succeed("config", "view", ...own)));
  const generate = ["--contract-id", ID, "--output-dir", at.folder, "--governance-client", "isv-client"];
  await succeed("deployment", "generate", ...generate);
  template = (await read("cleanroom-arm-template.json")) as typeof template;
  await agree(at.everybody, setDeploymentTemplate(ID, template));
  await agree(at.everybody, setCleanRoomPolicy(ID, (await read("cleanroom-governance-policy.json")) as PolicyChange));
  await succeed("config", "wrap-deks", ...own, "--contract-id", ID, "--governance-client", "tdp-client");
  await succeed(...setupAccess("publisher", ID, "tdp"));
  plan = readPlan(template);
  await mkdir(file("image"));
  await writeFile(
    file("image/run.sh"),
    'wc -l < "${CLEANROOM_ROOT:-}/mnt/remote/cowin/a.csv" > "${CLEANROOM_ROOT:-}/mnt/remote/output/lines"\n',
  );
}, 120_000);

/** Runs the clean room of a template, under its own policy unless the report is to say something else. */
function run(what: RoomPlan = plan, report: Partial<AttestRequest> = {}): Promise<RoomResult> {
  return runRoom(what, {
    attester: liveAttester(virtually(() => at.place.service, { hostData: Buffer.from(what.hostData, "hex"), ...report })),
    cloud: at.cloud(),
    images: new Map([[image, file("image")]]),
    folder: file("room"),
    signal: new AbortController().signal,
    watch: { note: () => undefined, phase: () => undefined, transfer: () => undefined },
  });
}

/** Nothing of a run came out, and nothing of it is left on this machine. */
async function expectNothing(): Promise<void> {
  const names: string[] = [];
  for await (const { name } of at.cloud().blobs(account).container("output").list()) names.push(name);
  expect(names).toEqual([]);
  expect(await readdir(at.folder)).not.toContain("room");
}

/** The template with another command of the application; its policy is as it was, unless it is to allow that. */
function altered(policyToo: boolean): Record<string, unknown> {
  const text = JSON.stringify(template);
  const [, launched = ""] = /"--application-base-64","([^"]+)"/.exec(text) ?? [];
  const application = Buffer.from(launched, "base64").toString("utf8").replace("run.sh", "spy.sh");
  const other = Buffer.from(application).toString("base64");
  const [, policy = ""] = /"ccePolicy":"([^"]+)"/.exec(text) ?? [];
  const allowing = Buffer.from(Buffer.from(policy, "base64").toString("utf8").replaceAll(launched, other)).toString("base64");
  const changed = text.replace(launched, other).replace(policy, policyToo ? allowing : policy);
  expect([changed === text, allowing === policy]).toEqual([false, false]);
  return JSON.parse(changed) as Record<string, unknown>;
}

test("a template that was changed after the agreement is refused, with the policy that was agreed on and with one that allows the change", async () => {
  expect(() => readPlan(altered(false))).toThrow(/^the template is not what its policy allows: /);
  const spying = altered(true);
  const refusals: [Record<string, unknown>, RegExp][] = [
    [altered(false), /^error: TemplateRefused: the template is not what its policy allows: /],
    [spying, /^error: the template is not what was agreed on for contract "collab1-ml"\n/],
  ];
  for (const [changed, refusal] of refusals) {
    await writeFile(file("changed.json"), JSON.stringify(changed));
    const words = ["deployment", "run", "--name", "changed", "--template-file", file("changed.json"), "--governance-client", "tdp-client"];
    const { status, out, notes } = await at.run(words);
    expect({ status, out }).toEqual({ status: 1, out: "" });
    expect(notes).toMatch(refusal);
  }
  // Also where nobody compares it beforehand.
  expect(await refusalOf(run(readPlan(spying)))).toMatch(
    /^NotAdmitted: the policy of this template \(host data [0-9a-f]{64}\) is not the one that the members agreed on/,
  );
  await expectNothing();
});

test("the agreed template is refused where the evidence is of other host data, or of a guest that can be debugged", async () => {
  expect(await refusalOf(run(plan, { hostData: Buffer.alloc(32, 0x66) }))).toMatch(
    /^InvalidEvidence: the evidence is about host data (66){32}, /,
  );
  expect(await refusalOf(run(plan, { debug: true }))).toMatch(/^NotAdmitted: .*debugging must not be enabled/);
  await expectNothing();
});

test("a key whose release policy names another hash is not released to the agreed clean room", async () => {
  const other = Buffer.from(JSON.stringify({ "x-ms-sevsnpvm-hostdata": ["66".repeat(32)] })).toString("base64");
  const key = ["--contract-id", ID, "--cleanroom-config", file("config")];
  await succeed("config", "create-kek", ...key, "--cleanroom-policy", other);
  expect(await refusalOf(run())).toMatch(/^Forbidden: "(cowin|output)": .*do not satisfy the release policy/);
  await expectNothing();
  await succeed("config", "wrap-deks", ...key, "--governance-client", "tdp-client");
});

test("one flipped byte of ciphertext ends the run with the name of the file", async () => {
  const container = at.cloud().blobs(account).container("cowin");
  const { content, metadata } = await container.get("a.csv");
  const bytes = Buffer.from(await collected(content));
  const flipped = Buffer.from(bytes);
  flipped[100] = (flipped[100] ?? 0) ^ 1;
  await container.put("a.csv", flipped, { metadata });
  expect(await refusalOf(run())).toMatch(/^Damaged: "cowin": a\.csv: block 1 of 1 does not verify: /);
  await expectNothing();
  await container.put("a.csv", bytes, { metadata });
});

test("where the publisher has disabled the execution before the run, nothing is run; once enabled again, the agreed clean room runs", async () => {
  const execution = (action: string): Promise<string> =>
    succeed(
      ...["governance", "contract", "runtime-option", "set", "--option", "execution", "--action", action],
      ...["--contract-id", ID, "--governance-client", "tdp-client"],
    );
  const list = ["governance", "contract", "event", "list", "--all", "--contract-id", ID, "--governance-client", "tdc-client"];
  const events = async () => (JSON.parse(await succeed(...list)) as { readonly value: readonly unknown[] }).value;
  await execution("disable");
  expect(await refusalOf(run())).toMatch(/^NotConsented: contract "collab1-ml" may not run: ContractDisabled: /);
  await expectNothing();
  expect(await events()).toHaveLength(0);
  await execution("enable");
  expect(await run()).toMatchObject({ exitCode: 0, datasinks: [{ name: "output", files: 1 }] });
  expect(await events()).toHaveLength(2);
  await succeed("datasink", "download", "--cleanroom-config", file("config"), "--name", "output", "--target-folder", file("results"));
  expect(await readFile(file("results/output/lines"), "utf8")).toBe("2\n");
});
