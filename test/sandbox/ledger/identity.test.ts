import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { KJUR, KEYUTIL } from "jsrsasign";
import { expect, test } from "vitest";
import { Identity } from "../../../sandbox/enclave/identity.js";
import { makeSigningRequest } from "../../../sandbox/enclave/identity/signingRequest.js";

const OPTIONS = { hosts: ["127.0.0.1", "::1", "localhost"], validFrom: new Date("2026-03-01T10:20:30.400Z"), days: 90 };

test("the service certificate is a P-384 CA of its own, named as CCF names it", () => {
  const certificate = new X509Certificate(Identity.create(OPTIONS).serviceCertificate);
  expect(certificate.subject).toBe("CN=CCF Service");
  expect(certificate.issuer).toBe("CN=CCF Service");
  expect(certificate.ca).toBe(true);
  expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe("secp384r1");
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.validFrom).toBe("Mar  1 10:20:30 2026 GMT");
  expect(certificate.validTo).toBe("May 30 10:20:29 2026 GMT");
});

test("the node certificate is endorsed by the service and good for its hosts", () => {
  const identity = Identity.create(OPTIONS);
  const node = new X509Certificate(identity.nodeCertificate);
  const service = new X509Certificate(identity.serviceCertificate);
  expect(node.subject).toBe("CN=CCF Node");
  expect(node.ca).toBe(false);
  expect(node.checkIssued(service) && node.verify(service.publicKey)).toBe(true);
  expect([node.checkIP("127.0.0.1"), node.checkIP("::1"), node.checkHost("localhost"), node.checkHost("example.org")]).toEqual([
    "127.0.0.1",
    "::1",
    "localhost",
    undefined,
  ]);
  const own = new X509Certificate(identity.nodeSelfSignedCertificate);
  expect(own.verify(node.publicKey) && own.publicKey.equals(node.publicKey)).toBe(true);
});

test("a TLS client that trusts the service accepts the node, and another service's client does not", async () => {
  const identity = Identity.create({ hosts: ["127.0.0.1"], validFrom: new Date() });
  const { nodeKey } = JSON.parse(identity.seal()) as { nodeKey: string };
  const server = createServer({ key: nodeKey, cert: identity.nodeCertificate }, (_, response) => response.end("hello"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const get = (ca: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      request({ host: "127.0.0.1", port, ca, agent: false }, (response) => {
        response.resume().on("end", () => {
          resolve(response.statusCode);
        });
      })
        .on("error", reject)
        .end();
    });
  expect(await get(identity.serviceCertificate)).toBe(200);
  await expect(get(Identity.create(OPTIONS).serviceCertificate)).rejects.toThrow(/certificate|issuer/);
  await new Promise((resolve) => server.close(resolve));
});

test("an identity that was sealed is the same service and the same node, with a new node certificate", () => {
  const identity = Identity.create(OPTIONS);
  const again = Identity.unseal(identity.seal(), { hosts: ["10.0.0.7"], validFrom: new Date() });
  expect([again.nodeId, again.serviceCertificate]).toEqual([identity.nodeId, identity.serviceCertificate]);
  const node = new X509Certificate(again.nodeCertificate);
  expect(node.verify(new X509Certificate(identity.serviceCertificate).publicKey)).toBe(true);
  expect(node.checkIP("10.0.0.7")).toBe("10.0.0.7");
  const sealed = identity.secrets.at(1).seal(Buffer.from("x"), Buffer.from("y"));
  expect(again.secrets.at(1).open(sealed, Buffer.from("y"))?.toString()).toBe("x");
  expect(again.secrets.at(1).open(sealed, Buffer.from("z"))).toBeUndefined();
});

test("an identity that lacks a part, or is of another kind, is refused", () => {
  const { nodeKey, ...rest } = JSON.parse(Identity.create(OPTIONS).seal()) as Record<string, unknown>;
  expect(nodeKey).toBeDefined();
  expect(() => Identity.unseal(JSON.stringify(rest), OPTIONS)).toThrow("the identity has no nodeKey");
  expect(() => Identity.unseal(`{"format":2}`, OPTIONS)).toThrow("another format");
});

test("certificates are valid for 1 to 365 days", () => {
  for (const days of [0, 366, 1.5, -1, NaN]) expect(() => Identity.create({ ...OPTIONS, days })).toThrow(RangeError);
});

test("the node's own request is what other software reads, and is endorsed with its names", () => {
  const identity = Identity.create(OPTIONS);
  const csr = identity.nodeSigningRequest();
  const { verifySignature } = KJUR.asn1.csr.CSRUtil as unknown as { verifySignature: (pem: string) => boolean };
  expect(verifySignature(csr)).toBe(true);
  const certificate = new X509Certificate(identity.endorse(csr, "260301000000Z", 10));
  expect(certificate.subject).toBe("CN=CCF Node");
  expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
  expect(certificate.publicKey.equals(new X509Certificate(identity.nodeCertificate).publicKey)).toBe(true);
  expect(certificate.verify(new X509Certificate(identity.serviceCertificate).publicKey)).toBe(true);
  expect([certificate.validFrom, certificate.validTo]).toEqual(["Mar  1 00:00:00 2026 GMT", "Mar 10 23:59:59 2026 GMT"]);
});

test("requests made by other software are endorsed", () => {
  const { prvKeyObj, pubKeyObj } = KEYUTIL.generateKeypair("EC", "secp256r1");
  const csr = KJUR.asn1.csr.CSRUtil.newCSRPEM({
    subject: { str: "/CN=another node" },
    sbjpubkey: pubKeyObj,
    sigalg: "SHA256withECDSA",
    sbjprvkey: prvKeyObj,
  });
  const certificate = new X509Certificate(Identity.create(OPTIONS).endorse(csr, "2026-03-01T00:00:00Z", 1));
  expect(certificate.subject).toBe("CN=another node");
  expect(certificate.subjectAltName).toBeUndefined();
});

test("a request that is not signed by its key, or is no request, is refused", () => {
  const identity = Identity.create(OPTIONS);
  const mine = makeSigningRequest("x", generateKeyPairSync("ec", { namedCurve: "secp384r1" }).privateKey, []);
  const der = Buffer.from(mine.replace(/-----[^-]+-----|\s/g, ""), "base64");
  const at = der.length - 5;
  der[at] = (der[at] ?? 0) ^ 1;
  const forged = `-----BEGIN CERTIFICATE REQUEST-----\n${der.toString("base64")}\n-----END CERTIFICATE REQUEST-----\n`;
  expect(() => identity.endorse(forged, "260301000000Z", 1)).toThrow("signature does not verify");
  expect(() => identity.endorse("nonsense", "260301000000Z", 1)).toThrow("not a PEM block");
  expect(() => identity.endorse(identity.serviceCertificate, "260301000000Z", 1)).toThrow("not a PEM block");
  expect(() => identity.endorse(identity.nodeSigningRequest(), "yesterday", 1)).toThrow(RangeError);
});

test("the service certificate can be renewed for the same key", () => {
  const identity = Identity.create(OPTIONS);
  const renewed = new X509Certificate(identity.selfSigned("20260601000000Z", 365));
  expect(renewed.publicKey.equals(new X509Certificate(identity.serviceCertificate).publicKey)).toBe(true);
  expect(renewed.validFrom).toBe("Jun  1 00:00:00 2026 GMT");
  identity.serviceCertificate = identity.selfSigned("20260601000000Z", 365);
  expect(Identity.unseal(identity.seal(), OPTIONS).serviceCertificate).toBe(identity.serviceCertificate);
});

test("the node signs with the key of its certificate", () => {
  const identity = Identity.create(OPTIONS);
  const { nodeKey } = JSON.parse(identity.seal()) as { nodeKey: string };
  expect(createPrivateKey(nodeKey).asymmetricKeyDetails?.namedCurve).toBe("secp384r1");
  expect(identity.nodeId).toMatch(/^[0-9a-f]{64}$/);
});
