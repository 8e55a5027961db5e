import { readFile } from "node:fs/promises";
import type { Bundle } from "../../client/governance/application.js";
import { builtFile } from "../../cli/installation.js";
import { createEngine } from "../../sandbox/enclave/js/engine.js";
import { cryptoFunctions } from "../../sandbox/enclave/js/globals/crypto/index.js";
import { DEFAULT_RUNTIME_OPTIONS, type ScriptEngine } from "../../sandbox/enclave/js/host.js";
import { Store } from "../../sandbox/enclave/kv/store.js";
import { snpVerifier } from "../../sandbox/enclave/snp/verify.js";
import type { Benchmark } from "../measurement.js";
import { measureCalls } from "../service/measureCalls.js";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const caller = { policy: "member_cert", id: "a".repeat(64), data: {}, cert: "" };

/** One call of the endpoint that reads a contract, in the engine alone: without HTTP, authentication and ledger. */
const benchmark: Benchmark = async () => {
  const store = new Store();
  const bundle = JSON.parse(await readFile(builtFile("bundle.json"), "utf8")) as Bundle;
  const tx = store.begin();
  for (const { name, module } of bundle.modules) tx.table("public:ccf.gov.modules").set(utf8(`/${name}`), utf8(module));
  tx.table("public:contracts").set(utf8("small"), utf8(JSON.stringify({ data: "x".repeat(1024) })));
  store.apply(tx.writeSet(), 1);
  const engine = await createEngine({
    services: {
      consensus: { lastCommitted: () => ({ view: 2, seqno: 1 }), statusOf: () => "Committed", viewOf: () => 2 },
      historical: { range: () => null, drop: () => false },
      verifySnpAttestation: snpVerifier(),
      now: () => Date.now(),
      log: () => undefined,
    },
    cryptoFunctions,
  });
  const results = [
    await measureCalls("a call in an interpreter that is reused", () => {
      call(engine, store, "contracts");
    }),
    await measureCalls("a call in a fresh interpreter", () => {
      call(engine, store, undefined);
    }),
  ];
  engine.dispose();
  return results;
};

function call(engine: ScriptEngine, store: Store, reuseKey: string | undefined): void {
  const url = "/app/contracts/small";
  const outcome = engine.callEndpoint({
    tx: store.begin(),
    jsModule: "/contracts/get.js",
    jsFunction: "getContract",
    mode: "readonly",
    reuseKey,
    options: DEFAULT_RUNTIME_OPTIONS,
    request: {
      method: "GET",
      path: url,
      route: "/app/contracts/{contractId}",
      url,
      query: "",
      hostname: null,
      params: { contractId: "small" },
      headers: {},
      body: new Uint8Array(),
      caller,
    },
  });
  if (outcome.kind !== "value" || outcome.value.status !== 200) throw new Error(`the call failed: ${JSON.stringify(outcome)}`);
}

export default benchmark;
