import { allowAllHostData } from "../../../cleanroom/deployment/allowAllPolicy.js";
import type { PolicyChange } from "../../../client/deployment.js";

/**
 * Lets in a container group that runs under the policy which allows everything: SHA-256 of that policy, as `az confcom` writes it. Whoever
 * deploys can then run anything with the secrets of the contract; it is for tries with data that nobody minds losing.
 */
export const allowAllPolicy: PolicyChange = {
  type: "add",
  claims: {
    "x-ms-sevsnpvm-is-debuggable": false,
    "x-ms-sevsnpvm-hostdata": allowAllHostData,
  },
};
