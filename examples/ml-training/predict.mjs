import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-web";

/*
 * Asks a trained model about one person, with ONNX Runtime:
 *
 *   node predict.mjs FOLDER age=40 symptoms=1 ...
 *
 * The folder has model.onnx and metrics.json, which names the features in their order. A feature that is not given is 0.
 */

const [folder = ".", ...given] = process.argv.slice(2);
const { model } = JSON.parse(await readFile(join(folder, "metrics.json"), "utf8"));
const person = new Map(given.map((pair) => pair.split("=")));
const unknown = [...person.keys()].filter((name) => !model.input_features.includes(name));
if (unknown.length > 0) throw new Error(`${unknown.join(", ")}: the model has ${model.input_features.join(", ")}`);

const session = await InferenceSession.create(await readFile(join(folder, "model.onnx")));
const features = Float32Array.from(model.input_features, (name) => Number(person.get(name) ?? 0));
const { [session.outputNames[0]]: answer } = await session.run({
  [session.inputNames[0]]: new Tensor("float32", features, [1, features.length]),
});
console.log(`${given.join(", ")}: ${model.target_variable} ${(100 * answer.data[0]).toFixed(1)} %`);
