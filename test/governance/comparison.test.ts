import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { afterAll, expect, test } from "vitest";
import { bundleDigest, constitutionDigest, getBundle } from "../../client/governance/application.js";
import { getConstitution } from "../../client/governance/service.js";
import { governance } from "../../client/session.js";
import type { Manifest } from "../../build/manifest.js";
import { builtFile } from "../../cli/installation.js";
import { built, consortium } from "../support/consortium.js";

const { artefacts } = JSON.parse(await readFile(builtFile("manifest.json"), "utf8")) as Manifest;
const { place, members } = await consortium({ alice: {}, bob: {} }, afterAll);
const { alice, bob } = members;

test("any member can see that the service decides by the constitution that was built", async () => {
  const deployed = await getConstitution(bob.session);
  expect(constitutionDigest(deployed)).toBe(artefacts["constitution.js"]?.sha256);
  const { body } = await place.anonymous.request({ method: "GET", path: governance("/gov/service/constitution") });
  expect(createHash("sha256").update(body).digest("hex")).toBe(artefacts["constitution.js"]?.sha256);
});

test("any member can see that the service runs the application that was built", async () => {
  const deployed = await getBundle(alice.session);
  expect(bundleDigest(deployed)).toBe(artefacts["bundle.json"]?.sha256);
  expect(deployed).toEqual(await built.bundle());
});

test("the service describes itself: its own list of operations is that of the application", async () => {
  const { paths } = (await bob.call("GET", "/app/api")).body as { paths: Record<string, Record<string, unknown>> };
  const { metadata } = await built.bundle();
  for (const [url, verbs] of Object.entries(metadata.endpoints)) {
    for (const verb of Object.keys(verbs)) expect(paths[url] ?? paths[`/app${url}`]).toHaveProperty(verb);
  }
});
