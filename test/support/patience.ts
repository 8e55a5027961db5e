import type { Action } from "../../client/governance/proposal.js";
import { runtimeOptions } from "../../cli/governance/service/deploy.js";

/** Lets endpoints take their time: a machine that is busy with other tests needs more than CCF's second to find the primes of a key. */
export const patience: Action = { name: "set_js_runtime_options", args: { ...runtimeOptions, max_execution_time_ms: 60_000 } };
