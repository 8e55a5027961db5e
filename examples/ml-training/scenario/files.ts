import { onnxOf } from "../application/onnx/write.js";
import { layers, modelConfiguration, queryConfiguration } from "./configuration.js";
import { tables } from "./tables.js";
import { untrained } from "./untrained.js";

const json = (value: unknown) => `${JSON.stringify(value, undefined, 2)}\n`;

/**
 * What the parties of the example bring along, without the application: paths in the folder of the scenario, and what is in them. The same
 * arguments give the same bytes.
 *
 * @param people whom all three datasets know
 * @param seed 0 to 2^32 - 1
 */
export function scenarioFiles(people: number, seed: number): Readonly<Record<string, string | Uint8Array>> {
  const data = tables(people, seed);
  return {
    ...Object.fromEntries(queryConfiguration.datasets.map(({ id, file }) => [`publisher-demo/publisher-input/${id}/${file}`, data[id]])),
    "consumer-demo/consumer-input/config/model_config.json": json(modelConfiguration),
    "consumer-demo/consumer-input/config/query_config.json": json(queryConfiguration),
    "consumer-demo/consumer-input/model/model.onnx": onnxOf(untrained(layers, seed)),
  };
}
