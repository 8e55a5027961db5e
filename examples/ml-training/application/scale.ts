import type { Network } from "./network.js";
import type { Samples } from "./samples.js";

/** Means and standard deviations of the features. */
export type Scale = { readonly means: Float64Array; readonly deviations: Float64Array };

/** A feature that is always the same is left as wide as it is. */
export function scaleOf({ count, width, inputs }: Samples): Scale {
  const means = new Float64Array(width);
  inputs.forEach((value, at) => (means[at % width] = (means[at % width] ?? 0) + value / count));
  const variances = new Float64Array(width);
  inputs.forEach((value, at) => (variances[at % width] = (variances[at % width] ?? 0) + (value - (means[at % width] ?? 0)) ** 2 / count));
  return { means, deviations: variances.map((variance) => (variance > 1e-12 ? Math.sqrt(variance) : 1)) };
}

/** The samples with means of 0 and standard deviations of 1. */
export function scaled(samples: Samples, { means, deviations }: Scale): Samples {
  const { width } = samples;
  const inputs = samples.inputs.map((value, at) => (value - (means[at % width] ?? 0)) / (deviations[at % width] ?? 1));
  return { ...samples, inputs };
}

/** The network that makes of samples as they are what the given one makes of scaled ones. */
export function withScale([first, ...others]: Network, { means, deviations }: Scale): Network {
  if (!first) return others;
  const { inputs } = first;
  const weights = first.weights.map((weight, at) => weight / (deviations[at % inputs] ?? 1));
  const bias = first.bias.slice();
  weights.forEach((weight, at) => {
    const output = Math.floor(at / inputs);
    bias[output] = (bias[output] ?? 0) - weight * (means[at % inputs] ?? 0);
  });
  return [{ ...first, weights, bias }, ...others];
}
