import { createHash } from "node:crypto";
import { createServer as createHttp } from "node:http";
import { createServer as createHttp2, type ServerHttp2Stream } from "node:http2";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { chainOf } from "../../cleanroom/evidence/certificateTable.js";
import { httpSidecarEvidence } from "../../cleanroom/evidence/httpSidecar.js";
import { securityContext } from "../../cleanroom/evidence/securityContext.js";
import { socketSidecarEvidence } from "../../cleanroom/evidence/socketSidecar.js";
import { binds, reportDataOf } from "../../cleanroom/evidence/source.js";
import { tsmEvidence, type TsmFiles } from "../../cleanroom/evidence/tsm.js";
import { attestedRoom, contents } from "../../cleanroom/room.js";
import { VirtualTee } from "../../sandbox/enclave/snp/virtual.js";
import { certificates } from "../sandbox/snp/evidence.js";
import { HOST_DATA } from "../support/cleanRoom.js";

/** The platform. */
const tee = VirtualTee.create();
const mint = (reportData: Uint8Array) => tee.mint({ hostData: Buffer.from(HOST_DATA, "hex"), reportData });
const bytes = (base64: string) => Buffer.from(base64, "base64");
const CONTENT = Buffer.from("the key of a clean room");
const { endorsements, uvm_endorsements } = mint(reportDataOf(CONTENT));
const CHAIN = bytes(endorsements).toString("utf8");

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "evidence-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe("the key release sidecar", () => {
  async function sidecar(respond: (body: unknown) => readonly [status: number, body: unknown]): Promise<string> {
    const server = createHttp((request, response) => {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
        expect([request.method, request.url]).toEqual(["POST", "/attest/combined"]);
        const [status, body] = respond(JSON.parse(Buffer.concat(chunks).toString()));
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      })();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test("is given the content, and makes the digest itself", async () => {
    const url = await sidecar((body) => {
      const { runtime_data } = body as { runtime_data: string };
      const digest = createHash("sha256").update(bytes(runtime_data)).digest();
      return [200, { evidence: mint(digest).evidence, endorsements, uvm_endorsements, endorsed_tcb: "db18000000000004" }];
    });
    const attestation = await httpSidecarEvidence(url).evidence(CONTENT);
    expect(binds(attestation, CONTENT)).toBe(true);
    expect(attestation).toMatchObject({ endorsements, uvm_endorsements });
    expect(Object.keys(attestation)).toEqual(["evidence", "endorsements", "uvm_endorsements"]);
  });

  test.each([[null], [[]], [{}], ["text"], [{ evidence: 1, endorsements: 2 }]])("is told where it answers with %j", async (answer) => {
    const url = await sidecar(() => [200, answer]);
    await expect(httpSidecarEvidence(url).evidence(CONTENT)).rejects.toMatchObject({ code: "InvalidEvidence" });
  });

  test("is told as the reason where it gives none", async () => {
    const failing = await sidecar(() => [500, { error: "no device" }]);
    await expect(httpSidecarEvidence(failing).evidence(CONTENT)).rejects.toMatchObject({
      code: "EvidenceUnavailable",
      message: expect.stringMatching(/status 500: .*no device/) as unknown,
    });
    const empty = await sidecar(() => [200, {}]);
    await expect(httpSidecarEvidence(empty).evidence(CONTENT)).rejects.toMatchObject({ code: "InvalidEvidence" });
    await expect(httpSidecarEvidence("http://127.0.0.1:1").evidence(CONTENT)).rejects.toMatchObject({ code: "EvidenceUnavailable" });
  });
});

describe("the attestation sidecar", () => {
  const METHOD = "/attestation_container.AttestationContainer/FetchAttestation";

  /** gRPC by hand, after the specification; its bytes were compared with those of a stock implementation. */
  async function sidecar(reply: (stream: ServerHttp2Stream, request: Buffer) => void): Promise<string> {
    const path = join(await folder(), "sock");
    const server = createHttp2();
    server.on("stream", (stream, headers) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        expect(headers).toMatchObject({ ":method": "POST", ":path": METHOD, "content-type": "application/grpc", te: "trailers" });
        reply(stream, Buffer.concat(chunks));
      });
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    onTestFinished(() => void server.close());
    return path;
  }

  const length = (value: number): number[] => (value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...length(value >>> 7)]);
  const field = (number: number, value: Buffer) => Buffer.concat([Buffer.from([(number << 3) | 2, ...length(value.length)]), value]);
  const prefix = (message: Buffer) => {
    const bytes = Buffer.alloc(5);
    bytes.writeUInt32BE(message.length, 1);
    return bytes;
  };
  const answer = (stream: ServerHttp2Stream, ...parts: readonly Buffer[]) => {
    stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
    stream.on("wantTrailers", () => {
      stream.sendTrailers({ "grpc-status": "0" });
    });
    for (const part of parts) stream.write(part);
    stream.end();
  };

  test("is given the report data, and its certificates and endorsements are taken as they are", async () => {
    const path = await sidecar((stream, request) => {
      expect(request.subarray(0, 7).toString("hex")).toBe("00000000420a40"); // 66 bytes: field 1, 64 bytes
      const { evidence } = mint(request.subarray(7));
      const message = Buffer.concat([field(1, bytes(evidence)), field(2, Buffer.from(CHAIN)), field(3, bytes(uvm_endorsements))]);
      const frame = Buffer.concat([prefix(message), message]);
      answer(stream, frame.subarray(0, 3), frame.subarray(3, 2000), frame.subarray(2000));
    });
    const attestation = await socketSidecarEvidence(path).evidence(CONTENT);
    expect(binds(attestation, CONTENT)).toBe(true);
    expect(attestation).toMatchObject({ endorsements, uvm_endorsements });
  });

  test.each([
    ["refuses", (stream: ServerHttp2Stream) => { stream.respond({ ":status": 200, "grpc-status": "13", "grpc-message": "no%20device: 100%25" }, { endStream: true }); }, /gRPC status 13: no device: 100%$/], // prettier-ignore
    ["is cut off", (stream: ServerHttp2Stream) => { answer(stream, Buffer.from([0, 0, 0, 0, 9, 1])); }, /not one uncompressed gRPC message/], // prettier-ignore
    ["answers with other fields", (stream: ServerHttp2Stream) => { answer(stream, Buffer.from([0, 0, 0, 0, 2, 8, 1])); }, /field 1 is not of bytes/], // prettier-ignore
    ["answers with nothing", (stream: ServerHttp2Stream) => { answer(stream, Buffer.from([0, 0, 0, 0, 0])); }, /without a report/], // prettier-ignore
    ["hangs up", (stream: ServerHttp2Stream) => { stream.session?.destroy(); }, /gives no evidence/], // prettier-ignore
  ])("is told as the reason where it %s", async (_, reply, message) => {
    const path = await sidecar(reply);
    await expect(socketSidecarEvidence(path).evidence(CONTENT)).rejects.toThrow(message);
  });

  test("is told as missing where it is", async () => {
    await expect(socketSidecarEvidence(join(await folder(), "sock")).evidence(CONTENT)).rejects.toMatchObject({
      code: "EvidenceUnavailable",
    });
  });
});

/** The certificate table of a host: VCEK, ASK and ARK in another order, and one that nobody asked for. */
function certificateTable(pem = CHAIN): Buffer {
  const [vcek, ask, ark] = certificates(Buffer.from(pem)).map((text) => Buffer.from(text.replace(/-----.*-----|\s/g, ""), "base64"));
  const entries = [
    ["c0b406a4a803495297433fb6014cd0ae", ark],
    ["92f81bc358114d3d97ffd19f88dc67ea", Buffer.from("a revocation list")],
    ["63da758de6644564adc5f4b93be8accd", vcek],
    ["4ab7b379bbac4fe4a02f05aef327c782", ask],
  ] as const;
  const header = Buffer.alloc((entries.length + 1) * 24);
  const body: Buffer[] = [];
  let at = header.length;
  for (const [index, [guid, content = Buffer.alloc(0)]] of entries.entries()) {
    Buffer.from(guid, "hex").copy(header, index * 24);
    header.writeUInt32LE(at, index * 24 + 16);
    header.writeUInt32LE(content.length, index * 24 + 20);
    body.push(content);
    at += content.length;
  }
  return Buffer.concat([header, ...body, Buffer.alloc(4096)]);
}

describe("the kernel", () => {
  /** What the kernel does in its folder, on a folder of the test. */
  const kernel = (provider = "sev_guest\n", table = certificateTable()): TsmFiles => ({
    mkdir: async (path) => {
      await mkdir(path);
      await writeFile(join(path, "provider"), provider);
    },
    write: async (path, content) => {
      expect(basename(path)).toBe("inblob");
      expect(content).toHaveLength(64);
      await writeFile(join(dirname(path), "outblob"), bytes(mint(content).evidence));
      await writeFile(join(dirname(path), "auxblob"), table);
    },
    read: readFile,
    rmdir: (path) => rm(path, { recursive: true }),
  });

  test("gives reports, and the host's certificates with them", async () => {
    const at = await folder();
    const attestation = await tsmEvidence({ folder: at, files: kernel() }).evidence(CONTENT);
    expect(binds(attestation, CONTENT)).toBe(true);
    expect(bytes(attestation.endorsements).toString().replace(/\s/g, "")).toBe(CHAIN.replace(/\s/g, ""));
    expect(await readdir(at)).toEqual([]);
  });

  test("is asked together with the endorsements of a container group", async () => {
    const context = await folder();
    const [vcek, ask, ark] = certificates(Buffer.from(CHAIN));
    const cached = JSON.stringify({ cacheControl: "86400", vcekCert: vcek, tcbm: "DB18000000000004", certificateChain: ask + ark });
    await writeFile(join(context, "host-amd-cert-base64"), `${Buffer.from(cached).toString("base64")}\n`);
    await writeFile(join(context, "reference-info-base64"), uvm_endorsements);
    const source = tsmEvidence({ folder: await folder(), files: kernel(undefined, Buffer.alloc(0)), securityContext: context });
    expect(await source.evidence(CONTENT)).toMatchObject({
      endorsements: Buffer.from(vcek + ask + ark).toString("base64"),
      uvm_endorsements,
    });
    await writeFile(join(context, "host-amd-cert-base64"), "e30=");
    await expect(source.evidence(CONTENT)).rejects.toMatchObject({ code: "InvalidEvidence" });
    await rm(join(context, "host-amd-cert-base64"));
    await expect(source.evidence(CONTENT)).rejects.toMatchObject({ code: "EvidenceUnavailable" });
  });

  test.each([
    ["of another platform", kernel("tdx_guest\n"), /the platform is tdx_guest/],
    ["whose host gives no certificates", kernel(undefined, Buffer.alloc(0)), /has no VCEK/],
    ["whose host's table leads nowhere", kernel(undefined, certificateTable().subarray(0, 200)), /the VCEK .* is no certificate/],
  ])("%s is told as such", async (_, files, message) => {
    await expect(tsmEvidence({ folder: await folder(), files }).evidence(CONTENT)).rejects.toThrow(message);
  });

  test("that has no such reports is told as such", async () => {
    const source = tsmEvidence({ folder: join(await folder(), "absent") });
    await expect(source.evidence(CONTENT)).rejects.toMatchObject({ code: "EvidenceUnavailable" });
  });
});

test("the security context of a container group is the one that the environment names, or that lies in the root", async () => {
  const root = await folder();
  expect(await securityContext({}, root)).toBeUndefined();
  await mkdir(join(root, "security-context-1234"));
  expect(await securityContext({}, root)).toBe(join(root, "security-context-1234"));
  expect(await securityContext({ UVM_SECURITY_CONTEXT_DIR: "/elsewhere" }, root)).toBe("/elsewhere");
});

test("a certificate table ends with its last byte, also without an entry of zeros", () => {
  expect(() => chainOf(Buffer.alloc(10))).toThrow("has no VCEK");
  expect(() => chainOf(Buffer.alloc(0))).toThrow("has no VCEK");
});

describe("a clean room", () => {
  test.each(["base64", "pem"] as const)("has its key attested once, by the digest of its %s", async (content) => {
    let asked = 0;
    const room = attestedRoom({ evidence: (about) => { asked++; return Promise.resolve(mint(reportDataOf(about))); } }, content); // prettier-ignore
    const [one, two] = await Promise.all([room(), room()]);
    expect(one).toBe(two);
    expect(asked).toBe(1);
    expect(binds(one.attestation, contents[content](one.keys))).toBe(true);
    expect(one.keys.publicKeyPem).toMatch(/^-----BEGIN PUBLIC KEY-----\n[^\r]*$/);
    expect(one.keys.privateKey.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048, publicExponent: 65537n });
  });

  test("asks again for evidence that it did not get, and does not use evidence about anything else", async () => {
    let asked = 0;
    const room = attestedRoom({
      evidence: (about) => (asked++ === 0 ? Promise.reject(new Error("not yet")) : Promise.resolve(mint(reportDataOf(about)))),
    });
    await expect(room()).rejects.toThrow("not yet");
    await expect(room()).resolves.toMatchObject({ attestation: { endorsements } });
    const other = attestedRoom({ evidence: () => Promise.resolve(mint(reportDataOf(CONTENT))) });
    await expect(other()).rejects.toMatchObject({ code: "InvalidEvidence" });
  });
});
