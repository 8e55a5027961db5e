import { type Network, probabilityOf, score } from "./network.js";
import type { Samples } from "./samples.js";
import { lossOf } from "./train.js";

export type Measure = {
  /** The part of the samples that is told rightly: a probability of 0.5 or more says 1. */
  readonly accuracy: number;
  /** Mean cross entropy, in nats. */
  readonly loss: number;
};

export function measure(network: Network, { count, width, inputs, labels }: Samples): Measure {
  let [right, loss] = [0, 0];
  for (let index = 0; index < count; index++) {
    const label = labels[index] ?? 0;
    const value = score(network, inputs, index * width);
    if ((probabilityOf(value) >= 0.5 ? 1 : 0) === label) right++;
    loss += lossOf(value, label);
  }
  return { accuracy: right / count, loss: loss / count };
}

/** How many are told rightly by saying always what is more frequent. */
export function baseline({ count, labels }: Samples): number {
  const ones = labels.reduce((sum, label) => sum + label, 0);
  return Math.max(ones, count - ones) / count;
}
