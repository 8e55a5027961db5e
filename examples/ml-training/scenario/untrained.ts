import type { Layer, Network } from "../application/network.js";
import { type Random, randomOf } from "../application/random.js";

/**
 * A network that knows nothing yet: weights by chance, as wide as suits rectifiers (He et al., "Delving deep into rectifiers", 2015).
 *
 * @param widths from the inputs to the output
 */
export function untrained(widths: readonly number[], seed: number): Network {
  const random = randomOf(seed);
  return widths.slice(1).map((outputs, index) => layer(widths[index] ?? 0, outputs, random));
}

function layer(inputs: number, outputs: number, random: Random): Layer {
  const bound = Math.sqrt(6 / inputs);
  const weights = Float64Array.from({ length: inputs * outputs }, () => (2 * random() - 1) * bound);
  return { inputs, outputs, weights, bias: new Float64Array(outputs) };
}
