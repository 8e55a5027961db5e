import { readdir, readFile, stat } from "node:fs/promises";
import { basename, join, relative } from "node:path";

const scenario = join("scenarios", "ml-training");
const consumer = join(scenario, "consumer-demo", "consumer-output", "output");
const logs = join(scenario, "publisher-demo", "logs");
const audit = join(scenario, "demo-resources");

type Event = { readonly timestamp_iso: string; readonly data: { readonly source: string; readonly message: string } };

/**
 * What the ml-training tutorial has led to, in lines: the model's metrics, its files, and what an auditor sees.
 *
 * @param kept whether the folder stays: then the lines say where the files are
 */
export async function summary(folder: string, { kept }: { readonly kept: boolean }): Promise<string[]> {
  const json = async (...file: string[]): Promise<unknown> => JSON.parse(await readFile(join(folder, ...file), "utf8"));
  const metrics = (await json(consumer, "metrics.json")) as Record<string, unknown>;
  const { value: events } = (await json(audit, "events.json")) as { readonly value: readonly Event[] };
  const { contract, transactions } = (await json(audit, "evidence.json")) as {
    readonly contract: { readonly id: string; readonly version: string; readonly finalVotes: readonly unknown[] };
    readonly transactions: readonly unknown[];
  };
  const made = (await Promise.all([consumer, logs].map((sub) => filesIn(join(folder, sub))))).flat();
  const files = await sized([...made, ...["events.json", "evidence.json"].map((name) => join(folder, audit, name))]);
  const shown = files.map(({ file, size }) => `${kept ? relative(folder, file) : basename(file)}  (${size})`);
  const told = Object.entries(metrics).filter(([, value]) => typeof value === "number");
  return [
    ...rows("The model", told.map(([name, value]) => `${name.replaceAll("_", " ").padEnd(20)}${Number(Number(value).toPrecision(4))}`)), // prettier-ignore
    ...rows(kept ? "Where it is" : "What came out", shown),
    ...rows("The audit trail", [
      `contract ${contract.id}: accepted in transaction ${contract.version} with ${contract.finalVotes.length} votes`,
      `receipts of ${transactions.length} transactions verified: the proposal, the votes, and what they led to`,
      ...events.map(({ timestamp_iso: time, data: { source, message } }) => `${time} ${source}: ${message}`),
    ]),
  ];
}

function rows(title: string, lines: readonly string[]): string[] {
  return [...lines.map((line, index) => `${(index === 0 ? title : "").padEnd(18)}${line}`), ""];
}

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true });
  return names
    .filter((name) => /\.(onnx|json|log)$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

function sized(files: readonly string[]): Promise<{ readonly file: string; readonly size: string }[]> {
  return Promise.all(
    files.map(async (file) => {
      const { size } = await stat(file);
      return { file, size: size < 10_000 ? `${size} B` : `${Math.round(size / 1000)} kB` };
    }),
  );
}
