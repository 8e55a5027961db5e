import path from "node:path";
import { Fault, quoted } from "./fault.js";
import { Fields } from "./fields.js";
import { textOf } from "./files.js";

/** What to train, and how: `model_config.json`. */
export type ModelConfiguration = {
  /** The model to begin with. */
  readonly savedModelPath: string;
  /** Where the trained model goes; `metrics.json` goes beside it. */
  readonly trainedModelOutputPath: string;
  /** Columns of the joined rows that go into the model, in its order. */
  readonly features: readonly string[];
  /** The column to predict: 0 or 1. */
  readonly target: string;
  /** The part of the rows that is held out. */
  readonly testPart: number;
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly seed: number;
};

/** The data: `query_config.json`. */
export type QueryConfiguration = {
  readonly datasets: readonly Dataset[];
  /** The column that says which rows belong together. */
  readonly joiningKey: string;
  /** Columns that no joined row keeps. */
  readonly identifiers: readonly string[];
};

export type Dataset = {
  readonly id: string;
  /** The folder that it is mounted at. */
  readonly mountPath: string;
  readonly file: string;
  /** The columns that are taken; the others are not looked at. */
  readonly columns: readonly string[];
};

/** @param file from the environment of the application @throws Fault */
export async function readModelConfiguration(file: string): Promise<ModelConfiguration> {
  const fields = await fieldsOf(file);
  const configuration = {
    savedModelPath: fields.path("saved_model_path"),
    trainedModelOutputPath: fields.path("trained_model_output_path"),
    features: fields.names("input_features"),
    target: fields.text("target_variable"),
    testPart: fields.number("test_train_split", 0.05, 0.5),
    epochs: fields.whole("total_epochs", 1, 1000),
    batchSize: fields.whole("batch_size", 1, 100_000),
    learningRate: fields.number("learning_rate", 1e-6, 1),
    seed: fields.whole("seed", 0, 2 ** 32 - 1),
  };
  if (!configuration.trainedModelOutputPath.endsWith(".onnx")) {
    throw new Fault(`${fields.where}: trained_model_output_path does not end in .onnx`);
  }
  if (configuration.features.length === 0) throw new Fault(`${fields.where}: input_features has no names`);
  if (configuration.features.includes(configuration.target)) {
    throw new Fault(`${fields.where}: input_features has the target_variable ${quoted(configuration.target)}`);
  }
  return configuration;
}

/** @param file from the environment of the application @throws Fault */
export async function readQueryConfiguration(file: string): Promise<QueryConfiguration> {
  const fields = await fieldsOf(file);
  const joined = fields.part("joined_dataset");
  const joiningKey = joined.text("joining_key");
  const datasets = fields.parts("datasets", 16).map((dataset): Dataset => {
    const columns = dataset.names("select_variables");
    if (!columns.includes(joiningKey)) throw new Fault(`${dataset.where}: select_variables has no ${quoted(joiningKey)}, the joining_key`);
    return { id: dataset.fileName("id"), mountPath: dataset.path("mount_path"), file: dataset.fileName("file"), columns };
  });
  const owners = new Map<string, string>();
  for (const { id, columns } of datasets) {
    for (const column of columns.filter((name) => name !== joiningKey)) {
      const other = owners.get(column);
      if (other !== undefined) throw new Fault(`${fields.where}: ${quoted(column)} is selected in both ${other} and ${id}`);
      owners.set(column, id);
    }
  }
  return { datasets, joiningKey, identifiers: joined.names("identifiers") };
}

async function fieldsOf(file: string): Promise<Fields> {
  const name = path.basename(file);
  const text = await textOf(file, name, 1);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Fault(`${name}: is not JSON`);
  }
  return new Fields(value, name);
}
