import { expect, test } from "vitest";
import { olderForm } from "./older.js";
import { consumer, desk, publisher, type Desk } from "./parties.js";

/** Adds an application that mounts and opens what is named. */
async function add({ do: run }: Desk, config: string, name: string, ...more: readonly string[]): Promise<void> {
  const image = ["--image", "registry.example/x@sha256:00", "--cpu", "1", "--memory", "1"];
  await run("config", "add-application", "--cleanroom-config", config, "--name", name, ...image, ...more);
}

const validate = (at: Desk, config: string) => at.run(["config", "validate", "--cleanroom-config", config]);

test("mounts of data that nobody has are errors at their places, each on a line", async () => {
  const at = await desk();
  const config = await consumer(at);
  await add(at, config, "other", "--datasources", "nothing=/a", "--datasinks", "nowhere=/b", "model=/c");
  const { status, out, notes } = await validate(at, config);
  expect({ status, out }).toEqual({ status: 1, out: "" });
  const lines = notes.split("\n").filter((line) => !line.startsWith("warning"));
  expect(lines).toHaveLength(6);
  const rows = (await at.read("tdc-config")).split("\n");
  for (const [code, application, data, kind, row] of [
    ["DatastoreNotFound", "depa-training", "cowin", "datasource or datasink", "cowin:"],
    ["DatastoreNotFound", "other", "nothing", "datasource", "nothing:"],
    ["DatasinkNotFound", "other", "nowhere", "datasink", "nowhere:"],
    ["DatasinkNotFound", "other", "model", "datasink", "model: /c"],
  ] as const) {
    const line = rows.findIndex((text) => text.trim().startsWith(row)) + 1;
    expect(notes).toMatch(
      new RegExp(`${config}:${line}:\\d+: ${code}: application "${application}" mounts "${data}", and no ${kind} has that name`),
    );
  }
});

test("a port that is used twice is an error, in one application or in two", async () => {
  const at = await desk();
  const config = await publisher(at);
  await add(at, config, "a", "--ports", "8080", "8081", "8080");
  await add(at, config, "b", "--ports", "8081");
  const { status, notes } = await validate(at, config);
  expect(status).toBe(1);
  expect(notes).toMatch(/:\d+:\d+: DuplicatePort: port 8080 is used by application "a" twice\n/);
  expect(notes).toMatch(/:\d+:\d+: DuplicatePort: port 8081 is used by applications "a" and "b"$/);
});

test("warnings do not fail: several applications, ports that nothing reaches, traffic without a policy", async () => {
  const at = await desk();
  const config = await publisher(at);
  await add(at, config, "a", "--ports", "8080");
  await add(at, config, "b");
  const closed = await validate(at, config);
  expect(closed.status).toBe(0);
  expect(closed.notes).toMatch(
    /^warning: .*: InboundTrafficNotAllowed: application "a" opens port 8080, and inbound traffic is not enabled/,
  );
  expect(closed.notes).toMatch(/\nwarning: .*: MultipleApplications: there are 2 applications: a, b$/);

  for (const direction of ["inbound", "outbound"]) {
    await at.do("config", "network", "http", "enable", "--cleanroom-config", config, "--direction", direction);
  }
  const open = await validate(at, config);
  expect(open.status).toBe(0);
  expect(open.notes).toMatch(/: InboundAllowAll: /);
  expect(open.notes).toMatch(/: OutboundAllowAll: /);
  expect(open.notes).not.toContain("InboundTrafficNotAllowed");

  for (const direction of ["inbound", "outbound"]) {
    const policy = ["--direction", direction, "--policy-bundle-url", "registry.example/policy@sha256:00"];
    await at.do("config", "network", "http", "enable", "--cleanroom-config", config, ...policy);
  }
  expect((await validate(at, config)).notes).not.toContain("AllowAll");
});

test("in the older form, an open port needs a network policy", async () => {
  const at = await desk();
  await at.write("c", olderForm({ ports: "[8310]" }));
  const { status, notes } = await validate(at, at.at("c"));
  expect(status).toBe(1);
  expect(notes).toMatch(/^error: .*c:9:5: NetworkPolicyMissing: application "train" opens port 8310, and there is no networkPolicy$/);
  await at.write("c", olderForm({ ports: "[8310]", more: "networkPolicy: {policyBundleUrl: 'registry.example/p@sha256:00'}\n" }));
  expect(await validate(at, at.at("c"))).toEqual({ status: 0, out: "", notes: "" });
});
