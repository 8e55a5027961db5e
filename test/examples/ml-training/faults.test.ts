import { mkdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import type { Network } from "../../../examples/ml-training/application/network.js";
import { onnxOf } from "../../../examples/ml-training/application/onnx/write.js";
import { mounts, type Mounts } from "./place.js";

/* What is wrong in what the parties bring along is said in one line; nothing is written then, and the exit status is 1. */

const VACCINATIONS = "/mnt/remote/cowin/vaccinations.csv";
const LABORATORY = "/mnt/remote/icmr/laboratory_results.csv";
const MODEL = "/mnt/remote/model/model.onnx";

type Spoil = (place: Mounts) => Promise<unknown>;
type Change = Parameters<Mounts["configure"]>[1];

const set = (file: "model_config" | "query_config", values: object): Spoil => ({ configure }) => configure(file, (value) => Object.assign(value, values)); // prettier-ignore
const without = (file: "model_config" | "query_config", field: string): Spoil => ({ configure }) => configure(file, (value) => { Reflect.deleteProperty(value, field); }); // prettier-ignore
const query = (change: (query: { datasets: Record<string, unknown>[]; joined_dataset: Record<string, unknown> }) => void): Spoil => ({ configure }) => configure("query_config", change as unknown as Change); // prettier-ignore
const inFile = (path: string, change: (text: string) => string): Spoil => ({ edit }) => edit(path, change); // prettier-ignore
/** Eight inputs, and every weight from the same place. */
const network = (weight: () => number): Network =>
  [8, 2].map((inputs, index) => {
    const outputs = [2, 1][index] ?? 1;
    return { inputs, outputs, weights: new Float64Array(inputs * outputs).map(weight), bias: new Float64Array(outputs) };
  });
/** Puts a value into a column of the person of every line, so that a row that takes part has it. */
const inColumn = (path: string, column: number, value: string): Spoil => inFile(path, (text) => text.replace(/(?<=\n)(.+)/g, (row) => row.split(",").map((old, index) => (index === column ? value : old)).join())); // prettier-ignore

const faults: Readonly<Record<string, readonly [Spoil, string | RegExp]>> = {
  "a column that is not there": [inFile(VACCINATIONS, (text) => text.replace("doses", "dozes")), 'vaccinations.csv: has no column "doses"'],
  "a column that is there twice": [
    inFile(VACCINATIONS, (text) => text.replace("updated", "age")),
    'vaccinations.csv: has the column "age" twice',
  ],
  "a value that is no number": [inColumn(LABORATORY, 2, "high"), /^laboratory_results.csv: line \d+: "ct_value" is not a number$/],
  "a value that is missing": [inColumn(LABORATORY, 2, ""), /^laboratory_results.csv: line \d+: "ct_value" is not a number$/],
  "a number that is none": [inColumn(LABORATORY, 2, "1e999"), /^laboratory_results.csv: line \d+: "ct_value" is not a number$/],
  "a result that is neither of two": [inColumn(LABORATORY, 4, "2"), /^laboratory_results.csv: line \d+: "test_result" is neither 0 nor 1$/],
  "a result that is always the same": [inColumn(LABORATORY, 4, "1"), /one value only/],
  "a row without a key": [
    inFile(VACCINATIONS, (text) => `${text},C-1,30,1,1,2021-01-01\n`),
    'vaccinations.csv: line 108: "person_id" is empty',
  ],
  "a row with a value too few": [
    inFile(VACCINATIONS, (text) => `${text}ab,C-1,30\n`),
    "vaccinations.csv: line 108: has another number of columns than the header",
  ],
  "a quote that is not closed": [
    inFile(VACCINATIONS, (text) => `${text}"ab,C-1,30,1,1,2021-01-01\n`),
    /^vaccinations.csv: line \d+: a quote is not closed$/,
  ],
  "an empty file": [({ at }) => truncate(at(VACCINATIONS)), "vaccinations.csv: is empty"],
  "a file of a header alone": [inFile(VACCINATIONS, (text) => text.split("\n")[0] ?? ""), "vaccinations.csv: has a header and no rows"],
  "a file of other bytes": [({ at }) => writeFile(at(VACCINATIONS), Buffer.of(0xff, 0xfe, 0x41)), "vaccinations.csv: is not UTF-8"],
  "a file that is not there": [({ at }) => rm(at(VACCINATIONS)), "vaccinations.csv: there is no such file"],
  "data that have nobody in common": [inColumn(VACCINATIONS, 0, "nobody"), "0 joined rows are too few to learn from"],

  "a field that is missing": [without("model_config", "total_epochs"), "model_config.json: total_epochs is missing"],
  "a field of null": [set("model_config", { target_variable: null }), "model_config.json: target_variable is missing"],
  "a field of another type": [set("model_config", { total_epochs: "5" }), "model_config.json: total_epochs is not a number from 1 to 1000"],
  "a part of a whole": [set("model_config", { total_epochs: 1.5 }), "model_config.json: total_epochs is not a whole number from 1 to 1000"],
  "a number out of bounds": [
    set("model_config", { test_train_split: 1 }),
    "model_config.json: test_train_split is not a number from 0.05 to 0.5",
  ],
  "no features": [set("model_config", { input_features: [] }), "model_config.json: input_features has no names"],
  "a feature twice": [set("model_config", { input_features: ["age", "age"] }), 'model_config.json: input_features has "age" twice'],
  "a feature that is the target": [
    set("model_config", { input_features: ["test_result"] }),
    'model_config.json: input_features has the target_variable "test_result"',
  ],
  "an identifier as a feature": [
    set("model_config", { input_features: ["age", "doses", "ct_value", "sequenced", "symptoms", "travelled", "contacts", "case_id"] }),
    '"case_id" is not in the joined data: it is not selected, or an identifier',
  ],
  "other features than the model has inputs": [
    set("model_config", { input_features: ["age", "doses"] }),
    "model.onnx: has 8 inputs, and there are 2 input_features",
  ],
  "a path that is not absolute": [
    set("model_config", { saved_model_path: "model.onnx" }),
    "model_config.json: saved_model_path is not an absolute path of printable ASCII",
  ],
  "a path that would write lines of its own into the log": [
    set("model_config", { trained_model_output_path: "/mnt/remote/output/a\nb.onnx" }),
    "model_config.json: trained_model_output_path is not an absolute path of printable ASCII",
  ],
  "a model that would be the metrics": [
    set("model_config", { trained_model_output_path: "/mnt/remote/output/metrics.json" }),
    "model_config.json: trained_model_output_path does not end in .onnx",
  ],
  "an output that is not mounted": [
    set("model_config", { trained_model_output_path: "/mnt/remote/elsewhere/model.onnx" }),
    "/mnt/remote/elsewhere: there is no such folder",
  ],
  "a configuration that is not JSON": [
    ({ at }) => writeFile(at("/mnt/remote/config/model_config.json"), "{'a'"),
    "model_config.json: is not JSON",
  ],
  "a configuration that is a list": [
    ({ at }) => writeFile(at("/mnt/remote/config/query_config.json"), "[]"),
    "query_config.json: is no JSON object",
  ],
  "no configuration": [({ at }) => rm(at("/mnt/remote/config/query_config.json")), "query_config.json: there is no such file"],
  "a dataset without a file": [query(({ datasets }) => { delete datasets[1]?.file; }), "query_config.json: datasets[1]: file is missing"], // prettier-ignore
  "a file outside of its dataset": [query(({ datasets }) => { Object.assign(datasets[1] ?? {}, { file: "../cowin/vaccinations.csv" }); }), "query_config.json: datasets[1]: file is not a file name"], // prettier-ignore
  "a dataset without the key": [query(({ datasets }) => { Object.assign(datasets[0] ?? {}, { select_variables: ["age"] }); }), 'query_config.json: datasets[0]: select_variables has no "person_id", the joining_key'], // prettier-ignore
  "a column of two datasets": [query(({ datasets }) => { Object.assign(datasets[1] ?? {}, { select_variables: ["person_id", "age"] }); }), 'query_config.json: "age" is selected in both cowin and icmr'], // prettier-ignore
  "no datasets": [query(({ datasets }) => { datasets.length = 0; }), "query_config.json: datasets is not a list of 1 to 16"], // prettier-ignore
  "no key": [query(({ joined_dataset: joined }) => { delete joined.joining_key; }), "query_config.json: joined_dataset: joining_key is missing"], // prettier-ignore

  "a model cut short": [
    async ({ at }) => truncate(at(MODEL), (await readFile(at(MODEL))).length - 100),
    "model.onnx: is no ONNX model, or a damaged one",
  ],
  "a model that is text": [({ at }) => writeFile(at(MODEL), "untrained\n"), "model.onnx: is no ONNX model, or a damaged one"],
  "a model of other operators": [
    async ({ at }) => writeFile(at(MODEL), (await readFile(at(MODEL))).toString("latin1").replace("Relu", "Tanh"), "latin1"),
    'model.onnx: has the operator "Tanh": wanted is Gemm, Relu, Gemm, ..., Gemm, with or without a Sigmoid at the end',
  ],
  "a model whose numbers grow out of bounds": [
    ({ at }) => writeFile(at(MODEL), onnxOf(network(() => 3e38))),
    "the training came to numbers that are too large: look at the learning_rate and the weights of the model",
  ],
  "a model of zeros": [
    ({ at }) => writeFile(at(MODEL), onnxOf(network(() => 0))),
    "model.onnx: has a layer whose weights are all zero, from which nothing is learned",
  ],
  "no model": [({ at }) => rm(at(MODEL)), "model.onnx: there is no such file"],
};

test("where the model cannot be put into its place, no metrics are left either", async () => {
  const place = await mounts(100, 2);
  await mkdir(place.at("/mnt/remote/output/model.onnx"));
  expect(await place.run()).toMatchObject({ status: 1, notes: "error: /mnt/remote/output: cannot be written to (EISDIR)\n" });
  expect(await place.output()).toEqual(["model.onnx"]);
});

test.each(Object.entries(faults))("%s", async (_, [spoil, message]) => {
  const place = await mounts(100, 2);
  await spoil(place);
  const { status, notes } = await place.run();
  expect(status).toBe(1);
  expect(notes).toMatch(/^error: [^\n]+\n$/);
  expect(notes.slice("error: ".length, -1)).toEqual(typeof message === "string" ? message : expect.stringMatching(message));
  expect(await place.output()).toEqual([]);
});
