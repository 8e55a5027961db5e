import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildApplication } from "../../build/application.js";
import { canonical } from "../../build/canonical.js";
import { buildConstitution } from "../../build/constitution.js";
import type { Manifest } from "../../build/manifest.js";

const root = path.resolve(import.meta.dirname, "../..");
let copy: string;

/** A copy of the sources somewhere else, of what runs inside CCF alone, with the packages of this one. */
beforeAll(async () => {
  copy = await mkdtemp(path.join(tmpdir(), "build-"));
  for (const name of ["app.json", "build", "client/canonicalJson.ts", "constitution", "package.json", "src", "tsconfig.json"]) {
    await cp(path.join(root, name), path.join(copy, name), { recursive: true });
  }
  const packages = path.join(root, "node_modules");
  await mkdir(path.join(copy, "node_modules"));
  for (const name of await readdir(packages)) {
    const target = path.join(copy, "node_modules", name);
    // What ends up in the bundle is copied, because the bundler names files by where they really are.
    await (name === "@microsoft" || name === "jsrsasign"
      ? cp(path.join(packages, name), target, { recursive: true })
      : symlink(path.join(packages, name), target));
  }
});

afterAll(() => rm(copy, { recursive: true, force: true }));

function run(script: string, ...args: string[]) {
  return spawnSync(process.execPath, ["--import", "./build/register.mjs", script, ...args], { cwd: copy, encoding: "utf8" });
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

describe("the build", () => {
  test("prints one line, no warnings, and gives the same bytes wherever and however often it runs", async () => {
    const { status, stdout, stderr } = run("build/build.ts");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^dist: \d+ files, \d+ KB\n$/);
    expect(run("build/build.ts", "--out", "again").status).toBe(0);
    for (const name of ["bundle.json", "constitution.js", "manifest.json"]) {
      const [first, second] = await Promise.all(["dist", "again"].map((folder) => readFile(path.join(copy, folder, name))));
      expect(first?.equals(second ?? Buffer.of())).toBe(true);
    }
    const { bundle } = await buildApplication(root);
    expect(await readFile(path.join(copy, "dist/bundle.json"), "utf8")).toBe(canonical(bundle));
    expect(await readFile(path.join(copy, "dist/constitution.js"), "utf8")).toBe(await buildConstitution(root));
  });

  test("lists in the manifest the size and digest of each file, which for the bundle is the digest that clients compute", async () => {
    const manifest = JSON.parse(await readFile(path.join(copy, "dist/manifest.json"), "utf8")) as Manifest;
    for (const [name, { bytes, sha256: digest }] of Object.entries(manifest.artefacts)) {
      const contents = await readFile(path.join(copy, "dist", name));
      expect({ bytes: contents.byteLength, digest: sha256(contents) }).toEqual({ bytes, digest });
    }
    const bundle = await readFile(path.join(copy, "dist/bundle.json"), "utf8");
    const { metadata, modules } = JSON.parse(bundle) as { metadata: object; modules: object[] };
    expect(canonical(JSON.parse(JSON.stringify({ modules, metadata })) as never)).toBe(bundle);
  });

  test("removes what an earlier build left and nothing else", async () => {
    const manifest = path.join(copy, "dist/manifest.json");
    const { artefacts, packages } = JSON.parse(await readFile(manifest, "utf8")) as Manifest;
    await writeFile(manifest, JSON.stringify({ artefacts: { ...artefacts, "left.js": { bytes: 0, sha256: "" } }, packages }));
    await writeFile(path.join(copy, "dist/left.js"), "");
    await writeFile(path.join(copy, "dist/notes.txt"), "");
    expect(run("build/build.ts").status).toBe(0);
    expect(await readdir(path.join(copy, "dist"))).toEqual(["bundle.json", "constitution.js", "manifest.json", "notes.txt"]);
  });

  test("measures what it built", () => {
    const { status, stdout } = run("build/size.ts");
    expect(status).toBe(0);
    expect(stdout.trim().split("\n").map((line) => line.slice(0, 4))).toEqual(["ok  ", "ok  ", "ok  ", "ok  "]); // prettier-ignore
  });

  test("fails with one message when app.json names what is not there", async () => {
    const file = path.join(copy, "app.json");
    const map = await readFile(file, "utf8");
    await writeFile(file, map.replace('"getContract"', '"getCovenant"'));
    expect(run("build/build.ts")).toMatchObject({
      status: 1,
      stderr: "app.json: get /contracts/{contractId}: contracts/get.js has no endpoint getCovenant\n",
    });
    await writeFile(file, map);
  });

  test("fails the size check when a budget is exceeded", async () => {
    await writeFile(path.join(copy, "dist/constitution.js"), "x".repeat(61 * 1024));
    const { status, stdout } = run("build/size.ts");
    expect(status).toBe(1);
    expect(stdout).toMatch(/^OVER {2}constitution/m);
  });
});
