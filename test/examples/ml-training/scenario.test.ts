import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { expect, test } from "vitest";
import { builtFile } from "../../../cli/installation.js";
import { shell, type Shell } from "../../cli/run.js";

const MODEL = "consumer-demo/consumer-input/model/model.onnx";

/** Digests of the files of a folder, by their paths in it. */
async function digests(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const files = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return Object.fromEntries(
    await Promise.all(
      files.map(
        async (file) =>
          [
            file.slice(folder.length + 1),
            createHash("sha256")
              .update(await readFile(file))
              .digest("hex"),
          ] as const,
      ),
    ),
  );
}

const example = ({ folder, run }: Shell, name: string, ...more: readonly string[]) =>
  run(["example", "ml-training", "--out", join(folder, name), ...more]);

test("the example has the folders of the tutorial, one file of data in each", async () => {
  const place = await shell();
  const { status, out } = await example(place, "scenarios/ml-training", "--output", "json");
  expect(status).toBe(0);
  const laid = join(place.folder, "scenarios/ml-training");
  const files = Object.keys(await digests(laid));
  expect(files.filter((file) => !file.includes("/application/"))).toEqual([
    "consumer-demo/consumer-input/config/model_config.json",
    "consumer-demo/consumer-input/config/query_config.json",
    "consumer-demo/consumer-input/model/model.onnx",
    "publisher-demo/publisher-input/cowin/vaccinations.csv",
    "publisher-demo/publisher-input/icmr/laboratory_results.csv",
    "publisher-demo/publisher-input/index/case_index.csv",
  ]);
  const printed = JSON.parse(out) as { readonly files: readonly { readonly path: string; readonly bytes: number }[] };
  expect(printed).toMatchObject({ folder: laid, seed: 7, rows: 2000 });
  expect(printed.files.map(({ path }) => path).sort()).toEqual(files);
  for (const { path, bytes } of printed.files) expect((await stat(join(laid, path))).size).toBe(bytes);
});

test("the application that is laid out is the content of the image, with its sources", async () => {
  const place = await shell();
  await example(place, "here");
  const application = await digests(join(place.folder, "here/consumer-demo/consumer-input/application"));
  expect(application).toEqual(await digests(builtFile("examples/ml-training/application")));
  expect(Object.keys(application)).toEqual(
    expect.arrayContaining(["README.md", "main.mjs", "run.sh", "source/main.ts", "source/onnx/write.ts"]),
  );
});

test("the application needs no packages: all that it imports is Node's own", async () => {
  const program = await readFile(builtFile("examples/ml-training/application/main.mjs"), "utf8");
  const imported = [...program.matchAll(/^import .*from "([^"]+)";$/gm)].map(([, name]) => name);
  expect(imported.length).toBeGreaterThan(0);
  for (const name of imported) expect(name === undefined ? false : isBuiltin(name)).toBe(true);
  expect(program).not.toMatch(/\b(require|import)\(/);
});

test("the same seed and rows give the same files, and another seed others", async () => {
  const place = await shell();
  await example(place, "a", "--seed", "12", "--rows", "100");
  await example(place, "b", "--seed", "12", "--rows", "100");
  await example(place, "c", "--seed", "13", "--rows", "100");
  const [a, b, c] = await Promise.all(["a", "b", "c"].map((name) => digests(join(place.folder, name))));
  expect(b).toEqual(a);
  expect(c?.[MODEL]).not.toBe(a?.[MODEL]);
  // What chance gives is the same on every machine.
  expect(a?.["publisher-demo/publisher-input/icmr/laboratory_results.csv"]).toBe(
    "e8e858148075f413d7fc861fae99a950af9d87fe697b8e3c83059d80bf00fe5e",
  );
  expect(a?.[MODEL]).toBe("209df1fffe8bc7cea59cf3575dce055b52d82e2ea06ae1c3bc9bfb77ad501e79");
});

test("it may be laid out again, and beside files that are not its own", async () => {
  const place = await shell();
  await example(place, "here", "--rows", "100");
  await writeFile(join(place.folder, "here/notes.txt"), "mine");
  expect(await example(place, "here", "--rows", "100")).toMatchObject({ status: 0, notes: "" });
  expect(await readFile(join(place.folder, "here/notes.txt"), "utf8")).toBe("mine");
});

test("a file that differs stops it before anything is written, and is overwritten only with --force", async () => {
  const place = await shell();
  const mine = join(place.folder, "here", MODEL);
  await mkdir(join(mine, ".."), { recursive: true });
  await writeFile(mine, "my own model");
  expect(await example(place, "here", "--rows", "100")).toEqual({
    status: 1,
    out: "",
    notes: `error: ${mine} is there already, and differs; --force overwrites`,
  });
  expect(Object.keys(await digests(join(place.folder, "here")))).toEqual([MODEL]);
  expect(await example(place, "here", "--rows", "100", "--force")).toMatchObject({ status: 0 });
  await example(place, "other", "--rows", "100");
  expect(await digests(join(place.folder, "here"))).toEqual(await digests(join(place.folder, "other")));
});

test.each([
  ["--rows", "49"],
  ["--rows", "100001"],
  ["--rows", "1e3"],
  ["--seed", "-1"],
  ["--seed", "4294967296"],
])("%s %s is refused as a wrong call", async (option, value) => {
  const place = await shell();
  expect(await example(place, "here", `${option}=${value}`)).toMatchObject({ status: 2, out: "" });
  expect(await readdir(place.folder)).toEqual([]);
});

test("a folder in the place of a file is told by its name", async () => {
  const place = await shell();
  await mkdir(join(place.folder, "here", MODEL), { recursive: true });
  expect(await example(place, "here", "--force")).toMatchObject({
    status: 1,
    notes: `error: ${join(place.folder, "here", MODEL)} is a folder`,
  });
});
