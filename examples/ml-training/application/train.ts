import { type Layer, type Network, probabilityOf, throughLayer } from "./network.js";
import { randomOf, shuffle } from "./random.js";
import type { Samples } from "./samples.js";

export type Training = {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** Decides the order of the samples. */
  readonly seed: number;
};

/**
 * Trains a network: cross entropy, by Adam (Kingma and Ba, 2015) in batches. The same arguments give the same network.
 *
 * @param network where it begins; stays as it is
 * @param progress is told the mean loss of each epoch
 */
export function train(
  network: Network,
  samples: Samples,
  { epochs, batchSize, learningRate, seed }: Training,
  progress: (epoch: number, loss: number, network: Network) => void,
): Network {
  const trained = network.map((layer) => ({ ...layer, weights: layer.weights.slice(), bias: layer.bias.slice() }));
  const steps = trained.flatMap(({ weights, bias }) => [adam(weights, learningRate), adam(bias, learningRate)]);
  const order = Uint32Array.from({ length: samples.count }, (_, index) => index);
  const random = randomOf(seed);
  for (let epoch = 1; epoch <= epochs; epoch++) {
    shuffle(order, random);
    let loss = 0;
    for (let begin = 0; begin < order.length; begin += batchSize) {
      const batch = order.subarray(begin, begin + batchSize);
      const gradients = trained.map((layer) => ({
        weights: new Float64Array(layer.weights.length),
        bias: new Float64Array(layer.outputs),
      }));
      for (const index of batch) loss += learnFrom(trained, samples, index, gradients);
      gradients.flatMap(({ weights, bias }) => [weights, bias]).forEach((gradient, at) => steps[at]?.(gradient, batch.length));
    }
    progress(epoch, loss / samples.count, trained);
  }
  return trained;
}

/** How wrong a score is: the cross entropy in nats, computed so that it cannot overflow. */
export function lossOf(score: number, label: number): number {
  return Math.max(score, 0) - score * label + Math.log1p(Math.exp(-Math.abs(score)));
}

type Gradient = Pick<Layer, "weights" | "bias">;

/** Adds the gradient of one sample (by back-propagation). @returns its loss */
function learnFrom(network: Network, { width, inputs, labels }: Samples, index: number, gradients: readonly Gradient[]): number {
  const activations = [inputs.subarray(index * width, (index + 1) * width)];
  network.forEach((layer, depth) => {
    const sums = throughLayer(layer, activations[depth] ?? new Float64Array());
    activations.push(depth < network.length - 1 ? sums.map((sum) => Math.max(0, sum)) : sums);
  });
  const score = activations.at(-1)?.[0] ?? 0;
  const label = labels[index] ?? 0;
  let errors = Float64Array.of(probabilityOf(score) - label);
  for (let depth = network.length - 1; depth >= 0; depth--) {
    const layer = network[depth];
    const gradient = gradients[depth];
    const before = activations[depth];
    if (!layer || !gradient || !before) break;
    const errorsBefore = new Float64Array(layer.inputs);
    for (let output = 0, at = 0; output < layer.outputs; output++) {
      const error = errors[output] ?? 0;
      gradient.bias[output] = (gradient.bias[output] ?? 0) + error;
      for (let input = 0; input < layer.inputs; input++, at++) {
        const value = before[input] ?? 0;
        gradient.weights[at] = (gradient.weights[at] ?? 0) + error * value;
        if (value > 0) errorsBefore[input] = (errorsBefore[input] ?? 0) + error * (layer.weights[at] ?? 0);
      }
    }
    errors = errorsBefore;
  }
  return lossOf(score, label);
}

/** Changes parameters in place, a step for each gradient. The gradient is the sum over so many samples. */
function adam(parameters: Float64Array, rate: number): (gradient: Float64Array, samples: number) => void {
  const [decay, decaySquares, tiny] = [0.9, 0.999, 1e-8];
  const mean = new Float64Array(parameters.length);
  const squares = new Float64Array(parameters.length);
  let [meanLeft, squaresLeft] = [1, 1];
  return (gradient, samples) => {
    meanLeft *= decay;
    squaresLeft *= decaySquares;
    for (let at = 0; at < parameters.length; at++) {
      const slope = (gradient[at] ?? 0) / samples;
      const towards = (mean[at] = decay * (mean[at] ?? 0) + (1 - decay) * slope);
      const size = (squares[at] = decaySquares * (squares[at] ?? 0) + (1 - decaySquares) * slope * slope);
      parameters[at] = (parameters[at] ?? 0) - (rate * towards) / (1 - meanLeft) / (Math.sqrt(size / (1 - squaresLeft)) + tiny);
    }
  };
}
