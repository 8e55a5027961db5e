import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { parseReport } from "../../../sandbox/enclave/snp/report.js";
import { SandboxError, startSandbox, VIRTUAL_TEE_WARNING } from "../../../sandbox/index.js";
import { freshVerifier, resumedVerifier, type Change, type Verifier } from "./service.js";

const hostData = new Uint8Array(32).fill(7);
const reportData = new Uint8Array([1, 2, 3]);
const wanted = { hostData, reportData };
const UNTRUSTED = /^RangeError: SEV-SNP: The root of trust public key for this attestation was not the expected one/;

async function folder(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "virtual-tee-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

const flip =
  (part: Parameters<Change>[0] extends Record<infer K, unknown> ? K : never, at: (length: number) => number): Change =>
  (parts) => {
    const bytes = parts[part];
    if (!bytes) throw new Error(`there is no ${part}`);
    const index = at(bytes.length);
    bytes[index] = (bytes[index] ?? 0) ^ 1;
  };

const log: string[] = [];
let one: Verifier;
beforeAll(async () => {
  one = await freshVerifier({ virtualTee: true, log: (level, line) => log.push(`${level} ${line}`) }, afterAll);
});

describe("a service with a virtual TEE", () => {
  test("shows its application the host data, report data and measurement that were asked for, with the image's endorsements", async () => {
    const measurement = new Uint8Array(48).fill(5);
    expect(await one.judge(one.service.attest({ ...wanted, measurement }))).toEqual({
      hostData: Array.from(hostData),
      reportData: [1, 2, 3, ...new Array<number>(61).fill(0)],
      measurement: Array.from(measurement),
      uvm: { did: expect.stringMatching(/^did:x509:0:sha256:/) as unknown, feed: "ContainerPlat-AMD-UVM", svn: "100" },
    });
  });

  test("refuses evidence that was changed in any of its parts", async () => {
    const evidence = one.service.attest(wanted);
    expect(
      await one.judge(
        evidence,
        flip("evidence", () => 0xc0),
      ),
    ).toEqual({ refused: expect.stringMatching(/did not sign this attestation/) as unknown });
    expect(
      await one.judge(
        evidence,
        flip("endorsements", () => 400),
      ),
    ).toHaveProperty("refused");
    expect(
      await one.judge(
        evidence,
        flip("uvm_endorsements", (length) => length - 1),
      ),
    ).toHaveProperty("refused");
    expect(await one.judge(evidence)).not.toHaveProperty("refused");
  });

  test("makes evidence of a guest that can be debugged, and refuses it", async () => {
    const evidence = one.service.attest({ ...wanted, debug: true });
    expect(parseReport(Buffer.from(evidence.evidence, "base64")).policy.debug).toBe(1);
    expect(await one.judge(evidence)).toEqual({
      refused: "RangeError: SEV-SNP: SNP attestation report guest policy debugging must not be enabled",
    });
    expect(parseReport(Buffer.from(one.service.attest(wanted).evidence, "base64")).policy.debug).toBe(0);
  });

  test("leaves the endorsements of the image out when told to", async () => {
    const evidence = one.service.attest({ ...wanted, uvm: false });
    expect(Object.keys(evidence)).toEqual(["evidence", "endorsements"]);
    const verdict = await one.judge(evidence);
    expect(verdict.hostData).toEqual(Array.from(hostData));
    expect(verdict.uvm).toBeUndefined();
  });

  test("makes no evidence with fields of another size", () => {
    expect(() => one.service.attest({ ...wanted, hostData: new Uint8Array(31) })).toThrow(RangeError);
    expect(() => one.service.attest({ ...wanted, reportData: new Uint8Array(65) })).toThrow(RangeError);
    expect(() => one.service.attest({ ...wanted, measurement: new Uint8Array(47) })).toThrow(RangeError);
  });

  test("warns in its log", () => {
    expect(log).toContain(`fail ${VIRTUAL_TEE_WARNING}`);
    expect(VIRTUAL_TEE_WARNING).toMatch(/^WARNING/);
  });

  test.each(["0.0.0.0", "::", "192.0.2.1", "example.org", "::ffff:192.0.2.1"])("may not listen at %s", async (host) => {
    await expect(startSandbox({ virtualTee: true, host, port: 0 })).rejects.toThrow(SandboxError);
    await expect(startSandbox({ virtualTee: true, host, port: 0 })).rejects.toThrow(`may not listen at ${host}`);
  });

  test.each(["127.0.0.2", "localhost"])("may listen at %s", async (host) => {
    const { service } = await freshVerifier({ virtualTee: true, host }, onTestFinished);
    expect(service.url).toContain(host);
  });
});

test("a service without a virtual TEE makes no evidence, and believes none", async () => {
  const { service, judge } = await freshVerifier({}, onTestFinished);
  expect(() => service.attest(wanted)).toThrow(SandboxError);
  expect(await judge(one.service.attest(wanted))).toEqual({ refused: expect.stringMatching(UNTRUSTED) as unknown });
});

test("a service does not believe the virtual TEE of another", async () => {
  const other = await freshVerifier({ virtualTee: true }, onTestFinished);
  expect(await other.judge(one.service.attest(wanted))).toEqual({ refused: expect.stringMatching(UNTRUSTED) as unknown });
});

describe("a service that is resumed", () => {
  test("keeps its virtual TEE where the switch is on, and believes nothing of it where it is off", async () => {
    const dir = await folder();
    const fresh = await freshVerifier({ dir, virtualTee: true }, onTestFinished);
    const evidence = fresh.service.attest(wanted);
    await fresh.stop();
    expect((await stat(join(dir, "virtual-tee.json"))).mode & 0o777).toBe(0o600);

    const without = await resumedVerifier({ dir }, onTestFinished);
    expect(await without.judge(evidence)).toEqual({ refused: expect.stringMatching(UNTRUSTED) as unknown });
    expect(() => without.service.attest(wanted)).toThrow(SandboxError);
    await without.stop();

    const again = await resumedVerifier({ dir, virtualTee: true }, onTestFinished);
    expect(await again.judge(evidence)).not.toHaveProperty("refused");
    expect(again.service.attest(wanted).endorsements).toBe(evidence.endorsements);
  });

  test("gets a virtual TEE when it had none", async () => {
    const dir = await folder();
    await (await freshVerifier({ dir }, onTestFinished)).stop();
    const { service, judge } = await resumedVerifier({ dir, virtualTee: true }, onTestFinished);
    expect(await judge(service.attest(wanted))).not.toHaveProperty("refused");
  });

  test("says which file is at fault when the virtual TEE's is damaged, and leaves it as it is", async () => {
    const dir = await folder();
    await (await freshVerifier({ dir, virtualTee: true }, onTestFinished)).stop();
    const file = join(dir, "virtual-tee.json");
    await writeFile(file, "{}");
    await expect(resumedVerifier({ dir, virtualTee: true }, onTestFinished)).rejects.toThrow(`${file} holds no virtual TEE`);
    expect(await readFile(file, "utf8")).toBe("{}");
    await resumedVerifier({ dir }, onTestFinished);
  });
});
