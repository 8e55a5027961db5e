import type { Bundle } from "../../build/application.js";
import { createEngine } from "../../sandbox/enclave/js/engine.js";
import { cryptoFunctions } from "../../sandbox/enclave/js/globals/crypto/index.js";
import { DEFAULT_RUNTIME_OPTIONS } from "../../sandbox/enclave/js/host.js";
import { Store } from "../../sandbox/enclave/kv/store.js";
import { snpVerifier } from "../../sandbox/enclave/snp/verify.js";
import type { VirtualTee } from "../../sandbox/enclave/snp/virtual.js";
import type { Operation } from "./operations.js";
import { agreedRows } from "./rows.js";
import type { Stopwatch } from "./stopwatch.js";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The application in the engine alone, without HTTP and ledger. */
export type Place = {
  /** Sends a body to an operation. @throws Error unless it is carried out */
  readonly call: (operation: Operation, body: string) => void;
  readonly dispose: () => void;
};

/** @param watch sees how long the functions of the host take that are parts of a call */
export async function startPlace(tee: VirtualTee, { metadata, modules }: Bundle, watch: Stopwatch): Promise<Place> {
  const store = new Store();
  const tx = store.begin();
  for (const { name, module } of modules) tx.table("public:ccf.gov.modules").set(utf8(`/${name}`), utf8(module));
  for (const [table, key, value] of agreedRows()) tx.table(table).set(utf8(key), utf8(value));
  store.apply(tx.writeSet(), 1);
  const { sign, wrapKey, verifySignature, isValidX509CertChain } = cryptoFunctions;
  const engine = await createEngine({
    services: {
      consensus: { lastCommitted: () => ({ view: 2, seqno: 1 }), statusOf: () => "Committed", viewOf: () => 2 },
      historical: { range: () => null, drop: () => false },
      verifySnpAttestation: watch.around("platform verification", snpVerifier({ extraRoots: [tee.root] })),
      now: () => Date.now(),
      log: () => undefined,
    },
    cryptoFunctions: {
      ...cryptoFunctions,
      sign: watch.around("signing", sign),
      wrapKey: watch.around("wrapping", wrapKey),
      verifySignature: watch.around("verifying the signature", verifySignature),
      isValidX509CertChain: watch.around("platform verification", isValidX509CertChain),
      start: () => {
        watch.start();
        return undefined;
      },
      stop: ([part]) => {
        if (typeof part === "string") watch.stop(part);
        return undefined;
      },
    },
  });
  const call = ({ verb, route, params, query }: Operation, body: string): void => {
    const endpoint = metadata.endpoints[route]?.[verb];
    if (!endpoint) throw new Error(`no ${verb} ${route}`);
    const url = `/app${route.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? "")}`;
    const outcome = engine.callEndpoint({
      tx: store.begin(),
      jsModule: `/${endpoint.js_module}`,
      jsFunction: endpoint.js_function,
      mode: endpoint.mode,
      reuseKey: endpoint.interpreter_reuse.key,
      options: DEFAULT_RUNTIME_OPTIONS,
      request: {
        method: verb.toUpperCase(),
        path: url,
        route: `/app${route}`,
        url,
        query,
        hostname: null,
        params,
        headers: {},
        body: utf8(body),
        caller: { policy: "no_auth" },
      },
    });
    if (outcome.kind !== "value" || outcome.value.status !== 200) throw new Error(`the call failed: ${JSON.stringify(outcome)}`);
  };
  return {
    call,
    dispose: () => {
      engine.dispose();
    },
  };
}
