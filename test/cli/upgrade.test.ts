import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Manifest } from "../../build/manifest.js";
import { builtFile } from "../../cli/installation.js";
import { bundleDigest, constitutionDigest, getBundle, type Bundle } from "../../client/governance/application.js";
import { getConstitution } from "../../client/governance/service.js";
import { identityOf } from "../../client/identity.js";
import { openSession, type Session } from "../../client/session.js";
import { consortium, type Place } from "./consortium.js";

const MEMBERS = ["isv", "tdp", "tdc"];
const readBuilt = async (name: string) => JSON.parse(await readFile(builtFile(name), "utf8")) as unknown;

/** Members run the same command one after the other until it says that all is in place. */
async function upgrade(place: Place, files = ""): Promise<void> {
  let notes = "";
  for (let round = 0; round < 3 && !/^application .*: (in place|accepted)/m.test(notes); round++) {
    for (const name of MEMBERS) ({ notes } = await place.attempt(name, `governance service deploy${files}`));
  }
  ({ notes } = await place.attempt("isv", `governance service deploy${files}`));
  expect(notes.split("\n").map((line) => line.replace(/^.*: /, ""))).toEqual(["in place", "in place", "in place", "in place", "in place"]);
}

async function vote(place: Place, id: string, by = MEMBERS): Promise<string> {
  const { proposalId } = JSON.parse(await place.as("tdp", `governance contract show --id ${id}`)) as { proposalId: string };
  let state = "";
  for (const name of by) {
    const line = `governance contract vote --id ${id} --proposal-id ${proposalId} --action accept --query proposalState -o tsv`;
    state = await place.as(name, line);
  }
  return state;
}

async function propose(place: Place, id: string): Promise<void> {
  const version = await place.as("isv", `governance contract show --id ${id} --query version -o tsv`);
  await place.as("isv", `governance contract propose --id ${id} --version ${version}`);
}

const show = (place: Place, id: string) => place.as("tdc", `governance contract show --id ${id}`);

async function sessionOf({ folder, url, serviceCertificate }: Place): Promise<Session> {
  const [certificate, key] = await Promise.all(["isv_cert.pem", "isv_privk.pem"].map((name) => readFile(join(folder, name), "utf8")));
  const session = openSession({ url, serviceCertificate, identity: identityOf(certificate ?? "", key ?? "") });
  onTestFinished(() => session.transport.close());
  return session;
}

/** What the node says it runs, by the files of `dist/` that it came from. */
async function deployedDigests(session: Session): Promise<Record<string, string>> {
  const [bundle, constitution] = [bundleDigest(await getBundle(session)), constitutionDigest(await getConstitution(session))];
  return { "bundle.json": bundle, "constitution.js": constitution };
}

test("a service that runs is upgraded by the command and loses nothing, and tells the digests of what it runs", async () => {
  const place = await consortium();
  const session = await sessionOf(place);
  const { artefacts } = (await readBuilt("manifest.json")) as Manifest;
  const built = Object.fromEntries(["bundle.json", "constitution.js"].map((name) => [name, artefacts[name]?.sha256 ?? ""]));
  expect(await deployedDigests(session)).toEqual(built);

  for (const id of ["before", "meanwhile", "later"]) await place.as("isv", `governance contract create --id ${id} --data ${id}`);
  await propose(place, "before");
  expect(await vote(place, "before")).toBe("Accepted");
  const agreed = await show(place, "before");
  await propose(place, "meanwhile");
  await vote(place, "meanwhile", ["isv", "tdp"]);

  // Another constitution and another application: CCF drops what was open, as its votes were cast under other rules.
  const next = { constitution: join(place.folder, "constitution.js"), bundle: join(place.folder, "bundle.json") };
  const bundle = (await readBuilt("bundle.json")) as Bundle;
  await writeFile(next.constitution, `${await readFile(builtFile("constitution.js"), "utf8")}\n// the next version\n`);
  const changed = (module: string) => `${module}/* the next version */`;
  await writeFile(
    next.bundle,
    JSON.stringify({ ...bundle, modules: bundle.modules.map(({ name, module }) => ({ name, module: changed(module) })) }),
  );
  await upgrade(place, ` --constitution ${next.constitution} --bundle ${next.bundle}`);
  const upgraded = await deployedDigests(session);
  expect(upgraded["constitution.js"]).toBe(constitutionDigest(await readFile(next.constitution, "utf8")));
  expect(upgraded["bundle.json"]).not.toBe(built["bundle.json"]);

  expect(await show(place, "before")).toBe(agreed);
  expect(JSON.parse(await show(place, "meanwhile"))).toMatchObject({ state: "Draft", data: "meanwhile", proposalId: "" });
  await propose(place, "meanwhile");
  expect(await vote(place, "meanwhile")).toBe("Accepted");

  // Another application alone: what is open goes on, with its votes.
  await propose(place, "later");
  await vote(place, "later", ["isv", "tdp"]);
  await upgrade(place, ` --constitution ${next.constitution}`);
  expect(await vote(place, "later", ["tdc"])).toBe("Accepted");
  const all = await Promise.all(["before", "meanwhile", "later"].map((id) => show(place, id)));

  await upgrade(place);
  expect(await deployedDigests(session)).toEqual(built);
  expect(await Promise.all(["before", "meanwhile", "later"].map((id) => show(place, id)))).toEqual(all);
  expect(all[0]).toBe(agreed);
}, 120_000);
