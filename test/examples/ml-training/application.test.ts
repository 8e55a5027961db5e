import { readFile, writeFile } from "node:fs/promises";
import * as ort from "onnxruntime-web";
import { expect, test } from "vitest";
import { predict } from "../../../examples/ml-training/application/network.js";
import { networkOf } from "../../../examples/ml-training/application/onnx/read.js";
import { join } from "../../../examples/ml-training/application/join.js";
import { samplesOf, split } from "../../../examples/ml-training/application/samples.js";
import { readTable } from "../../../examples/ml-training/application/table.js";
import { modelConfiguration, queryConfiguration } from "../../../examples/ml-training/scenario/configuration.js";
import { joinedPlainly, type Known } from "./joined.js";
import { mounts, type Mounts } from "./place.js";

ort.env.wasm.numThreads = 1;

type Metrics = {
  readonly accuracy: number;
  readonly baseline_accuracy: number;
  readonly rows: { readonly joined: number; readonly learned: number; readonly held_out: number; readonly datasets: readonly object[] };
  readonly epochs: readonly { readonly epoch: number; readonly loss: number; readonly held_out_loss: number }[];
};

const metricsOf = async ({ at }: Mounts) => JSON.parse(await readFile(at("/mnt/remote/output/metrics.json"), "utf8")) as Metrics;
const modelOf = ({ at }: Mounts) => readFile(at("/mnt/remote/output/model.onnx"));

/** The probabilities that ONNX Runtime computes with a model. */
async function inferred(model: Uint8Array, rows: readonly (readonly number[])[]): Promise<Float32Array> {
  const session = await ort.InferenceSession.create(model);
  try {
    const features = new ort.Tensor("float32", Float32Array.from(rows.flat()), [rows.length, rows[0]?.length ?? 0]);
    const { probability } = await session.run({ features });
    expect(probability?.dims).toEqual([rows.length, 1]);
    return probability?.data as Float32Array;
  } finally {
    await session.release();
  }
}

/** The rows that are held out, in their order. */
async function heldOut({ at }: Mounts): Promise<Known[]> {
  const tables = queryConfiguration.datasets.map(async ({ id, file, select_variables: columns }) => {
    return { name: file, columns, rows: readTable(await readFile(at(`/mnt/remote/${id}/${file}`), "utf8"), columns, file) };
  });
  const joined = join(await Promise.all(tables), "person_id", queryConfiguration.joined_dataset.identifiers);
  const { input_features: features, target_variable: target, test_train_split: part, seed } = modelConfiguration;
  const { count, width, inputs, labels } = split(samplesOf(joined, features, target, []), part, seed).heldOut;
  return Array.from({ length: count }, (_, index) => ({
    features: [...inputs.subarray(index * width, (index + 1) * width)],
    label: labels[index] ?? NaN,
  }));
}

test("ONNX Runtime computes with the trained model what we compute, and is right on at least 88 % of the rows held out", async () => {
  const place = await mounts(2000, 7);
  const { status, out, notes } = await place.run();
  expect({ status, notes }).toEqual({ status: 0, notes: "" });
  expect(await place.output()).toEqual(["metrics.json", "model.onnx"]);
  const model = await modelOf(place);
  const metrics = await metricsOf(place);

  const everybody = [...(await joinedPlainly(place)).values()];
  expect(everybody).toHaveLength(2000);
  const probabilities = await inferred(model, everybody.map(({ features }) => features)); // prettier-ignore
  const network = networkOf(model, "model.onnx");
  everybody.forEach(({ features }, index) => {
    expect(Math.abs(predict(network, Float64Array.from(features)) - (probabilities[index] ?? NaN))).toBeLessThan(1e-5);
  });

  const unseen = await heldOut(place);
  const told = await inferred(model, unseen.map(({ features }) => features)); // prettier-ignore
  const accuracy = unseen.filter(({ label }, index) => ((told[index] ?? NaN) >= 0.5 ? 1 : 0) === label).length / unseen.length;
  expect(accuracy).toBe(metrics.accuracy);
  expect(accuracy).toBeGreaterThanOrEqual(0.88);
  expect(out).toContain(`Right on ${(100 * accuracy).toFixed(1)} % of the rows held out`);
});

test("the model does better than the more frequent answer, and the loss falls from the first epoch to the last", async () => {
  const place = await mounts(500, 3);
  expect(await place.run()).toMatchObject({ status: 0 });
  const { accuracy, baseline_accuracy: baseline, epochs, rows } = await metricsOf(place);
  expect(accuracy).toBeGreaterThan(baseline + 0.1);
  expect(epochs).toHaveLength(30);
  expect(epochs.at(-1)?.held_out_loss).toBeLessThan((epochs[0]?.held_out_loss ?? 0) / 2);
  expect(rows).toMatchObject({ joined: 500, learned: 400, held_out: 100 });
});

test("the metrics tell what became of the rows of each file", async () => {
  const place = await mounts(200, 1);
  const { out } = await place.run();
  expect((await metricsOf(place)).rows.datasets).toEqual([
    { id: "cowin", file: "vaccinations.csv", rows: 206, joined: 200, duplicates: 2, contradictory: 0, unmatched: 4 },
    { id: "icmr", file: "laboratory_results.csv", rows: 208, joined: 200, duplicates: 2, contradictory: 4, unmatched: 2 },
    { id: "index", file: "case_index.csv", rows: 206, joined: 200, duplicates: 2, contradictory: 0, unmatched: 4 },
  ]);
  expect(out).toContain("laboratory_results.csv: 208 rows, of them 2 duplicate, 4 contradictory, 2 unmatched\n");
});

test("the same inputs give the same model and metrics", async () => {
  const [first, second] = [await mounts(300, 9), await mounts(300, 9)];
  await first.run();
  await second.run();
  expect((await modelOf(first)).equals(await modelOf(second))).toBe(true);
  expect(await metricsOf(first)).toEqual(await metricsOf(second));
});

test("a row that no other dataset knows, and a row written twice, change nothing in the model", async () => {
  const [plain, noisy] = [await mounts(300, 4), await mounts(300, 4)];
  await noisy.edit(
    "/mnt/remote/cowin/vaccinations.csv",
    (text) => `${text}${"0".repeat(64)},C-1,30,1,1,2021-01-01\n${text.split("\n")[1] ?? ""}\n`,
  );
  await plain.run();
  await noisy.run();
  expect((await modelOf(noisy)).equals(await modelOf(plain))).toBe(true);
});

test("what is read of the consumer's model are its layers and its weights", async () => {
  const [place, other] = [await mounts(300, 4), await mounts(300, 4)];
  const model = await readFile((await mounts(300, 5)).at("/mnt/remote/model/model.onnx"));
  await writeFile(other.at("/mnt/remote/model/model.onnx"), model);
  await place.run();
  await other.run();
  expect((await modelOf(other)).equals(await modelOf(place))).toBe(false);
});

test("nothing of the data is in the log or the metrics", async () => {
  const place = await mounts(200, 6);
  const { out } = await place.run();
  const metrics = await readFile(place.at("/mnt/remote/output/metrics.json"), "utf8");
  const people = [...(await joinedPlainly(place)).keys()];
  expect(people.length).toBe(200);
  for (const id of people) expect(`${out}${metrics}`).not.toContain(id.slice(0, 12));
});
