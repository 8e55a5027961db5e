import { command, oneOf, optional } from "../../command.js";
import { editConfig } from "../model.js";
import { httpTraffic, withNetwork } from "../model/network.js";
import { cleanroomConfig } from "../options.js";
import { directions } from "./directions.js";

export default command({
  description: "Lets HTTP through the proxy of the clean room: what a policy allows or, without one, everything.",
  examples: [
    [
      "Let in what a policy allows",
      "cleanroom config network http enable --cleanroom-config ./tdc-config --direction inbound --policy registry.example/policies/query@sha256:...",
    ],
  ],
  options: {
    cleanroomConfig,
    direction: oneOf("--direction <direction>", "which way", directions),
    policy: optional("--policy-bundle-url, --policy <reference>", "a policy in a registry: REGISTRY/NAME@sha256:DIGEST"),
  },
  run: async ({ cleanroomConfig: file, direction, policy }, io) => {
    await editConfig(file, io, (config) => withNetwork(config, "http", { ...config.network?.http, [direction]: httpTraffic(policy) }));
  },
});
