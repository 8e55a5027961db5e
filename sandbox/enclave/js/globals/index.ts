import type { HostFunction } from "../values.js";
import { atomicsNamespace } from "./atomics.js";
import { attestationNamespace } from "./attestation.js";
import { bytecodeCacheNamespace } from "./bytecodeCache.js";
import { cryptoNamespace } from "./ccfCrypto.js";
import { consensusNamespace } from "./consensus.js";
import { consoleNamespace } from "./console.js";
import { convertersNamespace } from "./converters.js";
import { effectsNamespace } from "./effects.js";
import { historicalNamespace } from "./historical.js";
import { hostProcessesNamespace } from "./hostProcesses.js";
import { kvNamespace } from "./kv.js";
import type { Namespace } from "./namespace.js";
import { randomNamespace } from "./random.js";
import { requestNamespace } from "./request.js";
import { responseNamespace } from "./response.js";
import { rpcNamespace } from "./rpc.js";

/** Everything that guests see beside the language. Each installs itself where CCF has it: everywhere, in endpoints, or in apply. */
export const namespaces = (cryptoFunctions: Readonly<Record<string, HostFunction>>): readonly Namespace[] => [
  atomicsNamespace,
  randomNamespace,
  consoleNamespace,
  convertersNamespace,
  kvNamespace,
  cryptoNamespace(cryptoFunctions),
  attestationNamespace,
  consensusNamespace,
  historicalNamespace,
  hostProcessesNamespace,
  rpcNamespace,
  requestNamespace,
  responseNamespace,
  effectsNamespace,
  bytecodeCacheNamespace,
];
