import { expect, onTestFinished, test } from "vitest";
import { EnclaveHost, type EnclaveHostOptions } from "../../../sandbox/host/enclave.js";
import { MemoryLedger } from "../../../sandbox/host/ledger/memory.js";
import { SandboxResponse, type SandboxRequest } from "../../../sandbox/index.js";
import { CONSTITUTION, limiting } from "./constitution.js";
import { error, identity, Place } from "./service.js";

const ENDPOINTS = {
  "PUT /row": `ccf.kv["rows"].set(ccf.strToBuf("a"), ccf.strToBuf("1")); return {};`,
  "GET /row": `return { body: ccf.kv["rows"].size };`,
  "PUT /many": `for (let i = 0; ; i++) ccf.kv["rows"].set(ccf.strToBuf(String(i)), new ArrayBuffer(0));`,
};

/** An enclave whose V8 heap is small. */
async function smallEnclave(options: Partial<EnclaveHostOptions> = {}): Promise<Place> {
  const memory = new MemoryLedger();
  const logged: string[] = [];
  const genesis = { members: [{ certificate: identity.certificate }], constitution: CONSTITUTION };
  const { enclave, tls } = await EnclaveHost.start(
    { genesis },
    {
      address: "127.0.0.1:0",
      hosts: ["127.0.0.1"],
      signatures: { transactions: 5000, milliseconds: 10 },
      extraRoots: [],
      openLedger: (events) => Promise.resolve(memory.attach(events)),
      keepIdentity: () => Promise.resolve(),
      renewed: () => Promise.resolve(),
      log: (level, line) => logged.push(`${level} ${line}`),
      failed: (cause) => logged.push(`failed ${cause.message}`),
      heapMb: 24,
      ...options,
    },
  );
  const request = async ({ method = "GET", url, headers = {}, body }: SandboxRequest) => {
    const [path = "", query = ""] = url.split("?");
    return new SandboxResponse(
      await enclave.request({ method, path, query, headers, body: Buffer.from(body ?? ""), certificate: undefined }),
    );
  };
  const stop = () => enclave.stop();
  onTestFinished(stop);
  return new Place({ url: undefined, serviceCertificate: tls.serviceCertificate, request, stop }, logged);
}

test("a worker that runs out of memory is replaced; the request that it died of is answered, and those behind it too", async () => {
  const place = await smallEnclave();
  await place.found(ENDPOINTS);
  await place.propose({ apply: limiting({ max_execution_time_ms: 50_000 }) });
  const { id } = await place.call("PUT", "/row");
  expect(await place.settled(id)).toBe("Committed");

  const [death, after] = await Promise.all([place.call("PUT", "/many"), place.call("GET", "/row")]);
  expect(death).toMatchObject(error("Exception thrown while executing."));
  expect(after).toMatchObject({ status: 200, body: 1 });
  expect(place.logged).toContainEqual(
    expect.stringContaining("the enclave ended by itself (Worker terminated due to reaching memory limit"),
  );
  expect([await place.statusOf(id), await place.view()]).toEqual(["Committed", 3]);
});

test("a worker that has no room to start says so", async () => {
  await expect(smallEnclave({ heapMb: 1 })).rejects.toThrow("reaching memory limit");
});
