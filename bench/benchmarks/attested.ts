import { constants, createHash, generateKeyPairSync, sign } from "node:crypto";
import { readFile } from "node:fs/promises";
import { builtFile } from "../../cli/installation.js";
import type { Bundle } from "../../client/governance/application.js";
import { createEngine } from "../../sandbox/enclave/js/engine.js";
import { cryptoFunctions } from "../../sandbox/enclave/js/globals/crypto/index.js";
import { DEFAULT_RUNTIME_OPTIONS, type ScriptEngine, type VerifySnpAttestation } from "../../sandbox/enclave/js/host.js";
import { Store } from "../../sandbox/enclave/kv/store.js";
import { snpVerifier } from "../../sandbox/enclave/snp/verify.js";
import { VirtualTee } from "../../sandbox/enclave/snp/virtual.js";
import { measured, quantile, type Benchmark } from "../measurement.js";
import { measureCalls } from "../service/measureCalls.js";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const base64 = (content: string | Uint8Array): string => Buffer.from(content).toString("base64");

const HOST_DATA = Buffer.alloc(32, 7);
const DATA = JSON.stringify({ type: "add", claims: { "x-ms-sevsnpvm-hostdata": "8".repeat(64) } });

/** What a clean room sends, as text, with whatever else it is to hold. */
function requestOf(tee: VirtualTee): (extra?: object) => string {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const attestation = tee.mint({ hostData: HOST_DATA, reportData: createHash("sha256").update(pem).digest() });
  const signature = sign("sha256", utf8(DATA), { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
  const key = { publicKey: base64(pem) };
  const body = { attestation, encrypt: key, sign: { ...key, signature: base64(signature) }, data: base64(DATA) };
  return (extra) => JSON.stringify({ ...body, ...extra });
}

/** A signed request of a clean room in the engine alone, and what becomes of its time: without HTTP and ledger. */
const benchmark: Benchmark = async () => {
  const tee = VirtualTee.create();
  const verify = snpVerifier({ extraRoots: [tee.root] });
  const platform: number[] = [];
  const verifySnpAttestation: VerifySnpAttestation = (...parts) => {
    const began = performance.now();
    const result = verify(...parts);
    platform.push((performance.now() - began) * 1000);
    return result;
  };
  const store = new Store();
  const bundle = JSON.parse(await readFile(builtFile("bundle.json"), "utf8")) as Bundle;
  const tx = store.begin();
  for (const { name, module } of bundle.modules) tx.table("public:ccf.gov.modules").set(utf8(`/${name}`), utf8(module));
  const policy = tx.table("public:ccf.gov.policies.cleanroom-contract");
  policy.set(utf8("x-ms-sevsnpvm-hostdata"), utf8(JSON.stringify([HOST_DATA.toString("hex")])));
  policy.set(utf8("x-ms-sevsnpvm-is-debuggable"), utf8("[false]"));
  store.apply(tx.writeSet(), 1);
  const engine = await createEngine({
    services: {
      consensus: { lastCommitted: () => ({ view: 2, seqno: 1 }), statusOf: () => "Committed", viewOf: () => 2 },
      historical: { range: () => null, drop: () => false },
      verifySnpAttestation,
      now: () => Date.now(),
      log: () => undefined,
    },
    cryptoFunctions,
  });
  const text = requestOf(tee);
  const [whole, unread] = [text(), text({ platform: "snp-cvm" })];
  const { attestation } = JSON.parse(whole) as { readonly attestation: { readonly endorsements: string } };
  const pem = Buffer.from(attestation.endorsements, "base64").toString();
  let seen = 0;
  const unseen = () => text({ attestation: { ...attestation, endorsements: base64(pem + "\n".repeat(++seen)) } });
  const size = `${Math.round(whole.length / 1024)} KB`;
  const results = [
    await measureCalls(`a signed request of a clean room (${size})`, () => {
      call(engine, store, whole, 200);
    }),
    await measureCalls("of which reading the body: refused for its platform", () => {
      call(engine, store, unread, 400);
    }),
    measured("of which verifying the platform", "µs", [quantile(platform.sort((a, b) => a - b), 0.5)]), // prettier-ignore
    await measureCalls("with certificates that this interpreter has not seen", () => {
      call(engine, store, unseen(), 200);
    }),
  ];
  engine.dispose();
  return results;
};

function call(engine: ScriptEngine, store: Store, body: string, status: number): void {
  const url = "/app/contracts/contract/cleanroompolicy/delegates/secrets/one";
  const outcome = engine.callEndpoint({
    tx: store.begin(),
    jsModule: "/deployment/delegatesPut.js",
    jsFunction: "putDelegate",
    mode: "readwrite",
    reuseKey: "attested",
    options: DEFAULT_RUNTIME_OPTIONS,
    request: {
      method: "PUT",
      path: url,
      route: "/app/contracts/{contractId}/cleanroompolicy/delegates/{delegateType}/{delegateId}",
      url,
      query: "",
      hostname: null,
      params: { contractId: "contract", delegateType: "secrets", delegateId: "one" },
      headers: {},
      body: utf8(body),
      caller: { policy: "no_auth" },
    },
  });
  if (outcome.kind !== "value" || outcome.value.status !== status) throw new Error(`the call failed: ${JSON.stringify(outcome)}`);
}

export default benchmark;
