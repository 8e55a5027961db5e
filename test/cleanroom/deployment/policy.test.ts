import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allowAllHostData, allowAllPolicy } from "../../../cleanroom/deployment/allowAllPolicy.js";
import { artefacts, type Artefacts } from "../../../cleanroom/deployment/artefacts.js";
import { localPolicy } from "../../../cleanroom/deployment/localPolicy.js";
import type { DeploymentPlan } from "../../../cleanroom/deployment/plan.js";
import { localSidecars } from "../../../cleanroom/deployment/sidecars.js";
import { readTemplate } from "../../../cleanroom/deployment/templateReading.js";
import { verifyTemplate } from "../../../cleanroom/deployment/verify.js";
import { plan, volume } from "./plan.js";

const made = (of: DeploymentPlan): Promise<Artefacts> => artefacts(of, localSidecars, localPolicy);
const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const text = fc.oneof(fc.string({ unit: "binary", maxLength: 12 }), fc.constantFrom("[x]", "[[x]]", "[parameters('a')]", "[", "]", "[[x"));
const plans = fc
  .record({ name: text, kek: text, endpoint: text, address: text, command: fc.array(text) })
  .map(({ name, kek, endpoint, address, command }): DeploymentPlan =>
    plan({
      ccfEndpoint: endpoint,
      applications: [{ name, cpu: 1, memoryInGB: 1, ports: [], agreed: { name, command } }],
      volumes: [volume({ container: name, keys: { kek, kekVaultUrl: "", maaUrl: "", wrappedDek: "", dekVaultUrl: "" } })],
      network: { tcp: [{ address, port: 1 }] },
    }),
  );

test("the policy that allows everything is the one whose digest is known for it", () => {
  expect(Buffer.byteLength(allowAllPolicy)).toBe(769);
  expect(sha256(Buffer.from(allowAllPolicy))).toBe(allowAllHostData);
});

describe("a policy of the local runner", () => {
  test("is in the template byte for byte, and its digest is what is proposed to the members", async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (of) => {
        const { template, governancePolicy, policy } = await made(of);
        const bytes = Buffer.from(template.resources[0]?.properties.confidentialComputeProperties.ccePolicy ?? "", "base64");
        expect(bytes.toString("utf8")).toBe(policy);
        expect(governancePolicy).toEqual({
          type: "add",
          claims: { "x-ms-sevsnpvm-is-debuggable": false, "x-ms-sevsnpvm-hostdata": sha256(bytes) },
        });
      }),
      { numRuns: 50 },
    );
  });

  test("is the same for everybody who makes it, in whatever order a contract's fields stand", async () => {
    const one = plan({ applications: [{ name: "a", cpu: 1, memoryInGB: 1, ports: [], agreed: { x: { p: 1, q: 2 }, y: [1] } }] });
    const other = plan({ applications: [{ name: "a", cpu: 1, memoryInGB: 1, ports: [], agreed: { y: [1], x: { q: 2, p: 1 } } }] });
    expect(await made(one)).toEqual(await made(other));
  });

  test("follows from the template alone: texts that look like expressions of a template too", async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (of) => {
        const { template, policy } = await made(of);
        expect(localPolicy(readTemplate(copy(template)).containers)).toBe(policy);
      }),
      { numRuns: 50 },
    );
  });

  test("is another for another contract, service, command, image or datum", async () => {
    const digests = await Promise.all(
      [
        plan(),
        plan({ contractId: "collab2" }),
        plan({ ccfEndpoint: "https://127.0.0.1:9" }),
        plan({ serviceCertificate: "another" }),
        plan({ applications: [{ name: "train", cpu: 0.5, memoryInGB: 4, ports: [], agreed: {} }] }),
        plan({ volumes: [volume({ container: "elsewhere" })] }),
        plan({ volumes: [volume({ readOnly: false })] }),
      ].map(async (of) => (await made(of)).hostData),
    );
    expect(new Set(digests).size).toBe(digests.length);
  });
});

describe("verifying a template", () => {
  const agreedOn = ({ template, hostData }: Artefacts) => ({ template: copy(template), hostData: [hostData] });

  test("finds nothing in the one that was agreed on, in whatever order its fields stand", async () => {
    const all = await made(plan());
    const { resources, ...rest } = copy(all.template);
    expect(verifyTemplate({ resources, ...rest }, agreedOn(all))).toEqual({ hostData: all.hostData, policy: "local", problems: [] });
  });

  type Group = { properties: { containers: { properties: { image: string; command?: string[]; environmentVariables: { name: string; value: string }[]; securityContext: { privileged: boolean } } }[] } }; // prettier-ignore
  const changes: readonly (readonly [string, (group: Group) => void, RegExp])[] = [
    ["image", ({ properties: { containers } }) => { if (containers[0]) containers[0].properties.image = "evil"; }, /container train-code-launcher: id is "evil" in the template/], // prettier-ignore
    ["command", ({ properties: { containers } }) => containers[0]?.properties.command?.push("--more"), /command\[\d\] is "--more" in the template, absent in the policy/], // prettier-ignore
    ["container", ({ properties: { containers } }) => containers.pop(), /container ccr-secrets: it is absent in the template/],
    ["order of containers", ({ properties: { containers } }) => containers.reverse(), /containers: the policy has them in another order/],
    ["right", ({ properties: { containers } }) => { const more = containers.find(({ properties: { securityContext } }) => !securityContext.privileged); if (more) more.properties.securityContext.privileged = true; }, /container otel-collector: allow_elevated is true in the template, false in the policy/], // prettier-ignore
  ];
  test.each(changes)("finds a changed %s, even where the template with it was agreed on", async (_, change, problem) => {
    const all = await made(plan());
    const changed = copy(all.template);
    change(changed.resources[0] as unknown as Group);
    expect(verifyTemplate(changed, agreedOn(all)).problems.join("\n")).toMatch(/^template: resources\[0\]/);
    const { problems } = verifyTemplate(changed, { template: changed, hostData: [all.hostData] });
    expect(problems.join("\n")).toMatch(problem);
  });

  test("lets a deployment choose what the policy leaves open", async () => {
    const all = await made(plan());
    const changed = JSON.parse(JSON.stringify(all.template).replaceAll('"client-1"', '"client-2"')) as unknown;
    expect(verifyTemplate(changed, { template: changed, hostData: [all.hostData] }).problems).toEqual([]);
  });

  test("finds a policy that was not agreed on", async () => {
    const all = await made(plan());
    expect(verifyTemplate(all.template, { ...agreedOn(all), hostData: [allowAllHostData] }).problems).toEqual([
      `policy: host data of the template is ${all.hostData}; agreed on is ${allowAllHostData}`,
    ]);
    expect(verifyTemplate(all.template, { template: undefined, hostData: [] }).problems).toHaveLength(2);
  });

  test("knows the policy that allows everything", async () => {
    const all = await artefacts(plan(), localSidecars, () => allowAllPolicy);
    expect(verifyTemplate(all.template, agreedOn(all))).toEqual({ hostData: allowAllHostData, policy: "allow-all", problems: [] });
  });

  test("refuses a template that hides what it deploys", async () => {
    const { template } = await made(plan());
    const hidden = (from: string, to: string) => () =>
      verifyTemplate(JSON.parse(JSON.stringify(template).replace(from, to)), { template, hostData: [] });
    expect(hidden('"app/contracts/collab1"', `"[parameters('name')]"`)).toThrow("ccrgovApiPathPrefix of container \"ccr-governance\" is an expression"); // prettier-ignore
    expect(hidden('"resources":[', '"resources":[{},')).toThrow("the template has 2 resources");
    expect(hidden('"ccePolicy":"', '"ccePolicy":" ')).toThrow("ccePolicy is not base64 of a text");
    expect(() => verifyTemplate({}, { template: {}, hostData: [] })).toThrow("the template has 0 resources");
  });
});
