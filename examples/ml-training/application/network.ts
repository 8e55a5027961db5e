/** A fully connected layer: `outputs = weights · inputs + bias`. */
export type Layer = {
  readonly inputs: number;
  readonly outputs: number;
  /** Row by row, a row for each output. */
  readonly weights: Float64Array;
  readonly bias: Float64Array;
};

/** A network with a rectifier (max(0, x)) between its layers, and one output that the logistic function makes a probability of. */
export type Network = readonly Layer[];

/** How its layers are wide, from the inputs to the output: "9-16-8-1". */
export function shapeOf(network: Network): string {
  return [network[0]?.inputs ?? 0, ...network.map(({ outputs }) => outputs)].join("-");
}

/** What a layer makes of a sample, before the rectifier. @param from where in `values` the sample begins */
export function throughLayer({ inputs, outputs, weights, bias }: Layer, values: Float64Array, from = 0): Float64Array {
  const sums = new Float64Array(outputs);
  for (let output = 0, at = 0; output < outputs; output++) {
    let sum = bias[output] ?? 0;
    for (let input = 0; input < inputs; input++) sum += (weights[at++] ?? 0) * (values[from + input] ?? 0);
    sums[output] = sum;
  }
  return sums;
}

/** The logarithm of the odds of a sample. */
export function score(network: Network, values: Float64Array, from = 0): number {
  let current = values;
  for (const [index, layer] of network.entries()) {
    const sums = throughLayer(layer, current, index === 0 ? from : 0);
    current = index < network.length - 1 ? sums.map((sum) => Math.max(0, sum)) : sums;
  }
  return current[0] ?? 0;
}

/** The logistic function. */
export function probabilityOf(score: number): number {
  return 1 / (1 + Math.exp(-score));
}

/** The probability of a sample. */
export function predict(network: Network, values: Float64Array, from = 0): number {
  return probabilityOf(score(network, values, from));
}
