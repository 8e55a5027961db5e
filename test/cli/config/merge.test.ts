import { parse } from "yaml";
import { expect, test } from "vitest";
import { consumer, desk, publisher } from "./parties.js";

test("a configuration that is joined twice, or with itself, is there once", async () => {
  const at = await desk();
  const [tdp, tdc] = [await publisher(at), await consumer(at)];
  const once = await at.do("config", "view", "--cleanroom-config", tdc, "--configs", tdp);
  const often = await at.do("config", "view", "--cleanroom-config", tdc, "--configs", tdp, tdc, tdp);
  expect(often.out).toBe(once.out);
});

test("view writes to a file, and prints unless told not to", async () => {
  const at = await desk();
  const tdp = await publisher(at);
  const { out } = await at.do("config", "view", "--cleanroom-config", tdp, "--output-file", at.at("one"));
  expect(await at.read("one")).toBe(out);
  const quiet = await at.do("config", "view", "--cleanroom-config", tdp, "--out-file", at.at("two"), "--no-print");
  expect(quiet.out).toBe("");
  expect(await at.read("two")).toBe(out);
});

test("what two parties have differently under one name is an error that shows both places and what differs", async () => {
  const at = await desk();
  const config = await publisher(at);
  const text = await at.read("tdp-config");
  await at.write("other", text.replace("https://tdpsa.blob.core.windows.net/", "https://elsewhere.blob.core.windows.net/"));
  const line = text.split("\n").findIndex((row) => row.includes("https://tdpsa.blob")) + 1;
  const { status, out, notes } = await at.run(["config", "view", "--cleanroom-config", config, "--configs", at.at("other")]);
  expect({ status, out }).toEqual({ status: 1, out: "" });
  expect(notes).toBe(
    'error: datasource "cowin" differs: store.provider.url is "https://tdpsa.blob.core.windows.net/" ' +
      `at ${config}:${line}:9 and "https://elsewhere.blob.core.windows.net/" at ${at.at("other")}:${line}:9`,
  );
});

test("a field that only one of two has is shown as absent in the other", async () => {
  const at = await desk();
  const config = await consumer(at);
  await at.write(
    "other",
    (await at.read("tdc-config")).replace("startType: Auto", "startType: Manual").replace("    cpu: 0.5", "    cpu: 1"),
  );
  await at.write("third", (await at.read("tdc-config")).replace(/^ +authenticityReceipt: ""\n/m, ""));
  const other = await at.run(["config", "view", "--cleanroom-config", config, "--configs", at.at("other")]);
  expect(other.notes).toMatch(
    /application "depa-training" differs: startType is "Auto" at .*tdc-config:\d+:\d+ and "Manual" at .*other:\d+/,
  );
  const third = await at.run(["config", "view", "--cleanroom-config", config, "--configs", at.at("third")]);
  expect(third.notes).toMatch(/image.executable.authenticityReceipt is "" at .* and absent at /);
});

test("data that one party reads and another writes cannot have one name", async () => {
  const at = await desk();
  const [tdp, tdc] = [await publisher(at), await consumer(at)];
  await at.write("tdc-config", (await at.read("tdc-config")).replace("name: output\n    type", "name: cowin\n    type"));
  const { notes } = await at.run(["config", "view", "--cleanroom-config", tdc, "--configs", tdp]);
  expect(notes).toMatch(
    /^error: "cowin" is a datasource at .*tdp-config:\d+:5 and a datasink at .*tdc-config:\d+:5: give one another name$/,
  );
});

test("settings of the network are joined field by field; different ones are a conflict", async () => {
  const at = await desk();
  for (const name of ["a", "b"]) await at.do("config", "init", "--cleanroom-config", at.at(name));
  await at.do("config", "network", "dns", "enable", "--cleanroom-config", at.at("a"));
  await at.do("config", "network", "http", "enable", "--cleanroom-config", at.at("a"), "--direction", "inbound");
  await at.do(
    "config",
    "network",
    "http",
    "enable",
    "--cleanroom-config",
    at.at("b"),
    "--direction",
    "outbound",
    "--policy",
    "r.example/p@sha256:1",
  );
  const { out } = await at.do("config", "view", "--cleanroom-config", at.at("a"), "--configs", at.at("b"));
  expect(parse(out)).toMatchObject({
    network: {
      dns: { enabled: true, port: 53 },
      http: {
        inbound: { enabled: true },
        outbound: {
          policy: { privacyPolicy: { policy: { backingResource: { id: "r.example/p@sha256:1", provider: { url: "r.example" } } } } },
        },
      },
    },
  });
  await at.do("config", "network", "dns", "enable", "--cleanroom-config", at.at("b"), "--port", "5353");
  const { notes } = await at.run(["config", "view", "--cleanroom-config", at.at("a"), "--configs", at.at("b")]);
  expect(notes).toMatch(/^error: network.dns.port differs: it is 53 at .*a:\d+:\d+ and 5353 at .*b:\d+:\d+$/);
});
