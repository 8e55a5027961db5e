import { scenarioFiles } from "../../examples/ml-training/scenario/files.js";
import { command, flag, parsed, required } from "../command.js";
import { builtFolder } from "./builtFolder.js";
import { layOut } from "./layOut.js";
import { wholeNumber } from "./wholeNumber.js";

const APPLICATION = "consumer-demo/consumer-input/application";

export default command({
  description:
    "Lays out what the parties of the ML training example bring along: three CSV files of one publisher, made up by chance, and of a consumer an " +
    "untrained model, its configuration and the application that trains it. The same seed and rows give the same files. A file that is there and " +
    "differs stops it before anything is written.",
  examples: [["Lay out the folder that the tutorial works in", "cleanroom example ml-training --out ./scenarios/ml-training"]],
  options: {
    out: required("--out <folder>", "the folder of the scenario; it is made where it is missing"),
    seed: parsed("--seed <n>", "what chance begins with (default: 7)", wholeNumber("--seed", 0, 2 ** 32 - 1)),
    rows: parsed(
      "--rows <n>",
      "rows that the three files have in common, 50 to 100000 (default: 2000)",
      wholeNumber("--rows", 50, 100_000),
    ),
    force: flag("--force", "overwrite files that are there and differ"),
  },
  text,
  run: async ({ out, seed = 7, rows = 2000, force }): Promise<Laid> => {
    const application = await builtFolder("examples/ml-training/application");
    const files = {
      ...scenarioFiles(rows, seed),
      ...Object.fromEntries(Object.entries(application).map(([name, content]) => [`${APPLICATION}/${name}`, content])),
    };
    return { folder: out, seed, rows, files: await layOut(out, files, force) };
  },
});

type Laid = {
  readonly folder: string;
  readonly seed: number;
  readonly rows: number;
  readonly files: readonly { readonly path: string; readonly bytes: number }[];
};

/** What was laid out, by folder. */
function text({ folder, seed, rows, files }: Laid): string {
  const folders = new Map<string, number>();
  for (const { path } of files) {
    const name = path.split("/").slice(0, 3).join("/");
    folders.set(name, (folders.get(name) ?? 0) + 1);
  }
  const lines = [...folders].map(([name, count]) => `  ${name}: ${count} ${count === 1 ? "file" : "files"}`);
  return [`${folder}: seed ${seed}, ${rows} rows in common`, ...lines, ""].join("\n");
}
