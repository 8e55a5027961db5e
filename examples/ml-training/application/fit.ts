import type { ModelConfiguration } from "./configuration.js";
import { measure } from "./measure.js";
import type { Network } from "./network.js";
import { rounded } from "./onnx/write.js";
import type { Samples } from "./samples.js";
import { scaled, scaleOf, withScale } from "./scale.js";
import { train } from "./train.js";

export type Epoch = {
  readonly epoch: number;
  /** Mean cross entropy in nats while learning, and of the samples held out at the end of the epoch. */
  readonly loss: number;
  readonly heldOutLoss: number;
};

/**
 * Trains a network on scaled samples.
 *
 * @param untrained where it begins: its parameters are those for scaled samples
 * @returns the network for samples as they are, with the parameters as the model file has them
 */
export function fit(
  untrained: Network,
  { learned, heldOut }: { readonly learned: Samples; readonly heldOut: Samples },
  how: Pick<ModelConfiguration, "epochs" | "batchSize" | "learningRate" | "seed">,
  progress: (epoch: Epoch) => void,
): Network {
  const scale = scaleOf(learned);
  const others = scaled(heldOut, scale);
  const network = train(untrained, scaled(learned, scale), how, (epoch, loss, network) => {
    progress({ epoch, loss, heldOutLoss: measure(network, others).loss });
  });
  return rounded(withScale(network, scale));
}
