import path from "node:path";
import { readModelConfiguration, readQueryConfiguration } from "./configuration.js";
import { readData } from "./data.js";
import { deliver } from "./deliver.js";
import { Fault } from "./fault.js";
import { bytesOf } from "./files.js";
import { type Epoch, fit } from "./fit.js";
import { baseline, measure } from "./measure.js";
import { type Network, shapeOf } from "./network.js";
import { networkOf } from "./onnx/read.js";
import { onnxOf } from "./onnx/write.js";
import { placeOf } from "./place.js";
import { samplesOf, split } from "./samples.js";

/* Joins the data, trains the model on it, and leaves the trained model with its metrics. Exit status 1, and no output, where that cannot be. */

try {
  await run(process.env);
} catch (error) {
  console.error(`error: ${error instanceof Fault ? error.message : `unexpected: ${String(error).split("\n")[0] ?? ""}`}`);
  process.exitCode = 1;
}

async function run(env: NodeJS.ProcessEnv): Promise<void> {
  const configuration = await readModelConfiguration(fileNamedBy("model_config", env));
  const query = await readQueryConfiguration(fileNamedBy("query_config", env));
  const { features, target, testPart, seed, epochs, trainedModelOutputPath } = configuration;
  const untrained = await readModel(configuration.savedModelPath, features.length, env);

  const joined = await readData(query, env);
  const datasets = query.datasets.map(({ id, file }, index) => ({ id, file, ...joined.counts[index] }));
  for (const { file, rows, duplicates, contradictory, unmatched } of datasets) {
    console.log(`${file}: ${rows} rows, of them ${duplicates} duplicate, ${contradictory} contradictory, ${unmatched} unmatched`);
  }
  console.log(`Joined: ${joined.rows.length} rows`);

  const samples = samplesOf(joined, features, target, datasets.map(({ file }) => file)); // prettier-ignore
  const parts = split(samples, testPart, seed);
  console.log(`Training ${shapeOf(untrained)} on ${parts.learned.count} rows; ${parts.heldOut.count} are held out`);
  const history: Epoch[] = [];
  const network = fit(untrained, parts, configuration, (epoch) => {
    history.push(epoch);
    const shown = epoch.epoch === 1 || epoch.epoch % Math.ceil(epochs / 10) === 0 || epoch.epoch === epochs;
    if (shown) console.log(`Epoch ${epoch.epoch} of ${epochs}: loss ${epoch.loss.toFixed(4)}, held out ${epoch.heldOutLoss.toFixed(4)}`);
  });
  const result = measure(network, parts.heldOut);
  if (!Number.isFinite(result.loss)) {
    throw new Fault("the training came to numbers that are too large: look at the learning_rate and the weights of the model");
  }
  const majority = baseline(parts.heldOut);
  console.log(`Right on ${percent(result.accuracy)} of the rows held out; the more frequent answer alone is on ${percent(majority)}`);

  const model = onnxOf(network);
  const metrics = {
    accuracy: result.accuracy,
    loss: result.loss,
    baseline_accuracy: majority,
    training: measure(network, parts.learned),
    model: { layers: shapeOf(network), input_features: features, target_variable: target },
    rows: { joined: joined.rows.length, learned: parts.learned.count, held_out: parts.heldOut.count, datasets },
    split: { test_train_split: testPart, seed },
    epochs: history.map(({ epoch, loss, heldOutLoss }) => ({ epoch, loss, held_out_loss: heldOutLoss })),
  };
  const folder = path.dirname(trainedModelOutputPath);
  await deliver(placeOf(folder, env), folder, {
    "metrics.json": `${JSON.stringify(metrics, undefined, 2)}\n`,
    [path.basename(trainedModelOutputPath)]: model,
  });
  console.log(`Wrote ${trainedModelOutputPath} (${model.length} bytes) and metrics.json beside it`);
}

/** @throws Fault */
function fileNamedBy(variable: string, env: NodeJS.ProcessEnv): string {
  const file = env[variable];
  if (!file) throw new Fault(`the environment has no ${variable}: the path of its file`);
  return file;
}

/** @throws Fault */
async function readModel(file: string, features: number, env: NodeJS.ProcessEnv): Promise<Network> {
  const name = path.basename(file);
  const network = networkOf(await bytesOf(placeOf(file, env), name, 8), name);
  const inputs = network[0]?.inputs ?? 0;
  if (inputs !== features) throw new Fault(`${name}: has ${inputs} inputs, and there are ${features} input_features`);
  if (network.some(({ weights }) => weights.every((weight) => weight === 0))) {
    throw new Fault(`${name}: has a layer whose weights are all zero, from which nothing is learned`);
  }
  return network;
}

function percent(part: number): string {
  return `${(100 * part).toFixed(1)} %`;
}
