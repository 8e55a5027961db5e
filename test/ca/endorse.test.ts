import { AsnConvert } from "@peculiar/asn1-schema";
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  KeyUsage,
  SubjectKeyIdentifier,
} from "@peculiar/asn1-x509";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import * as tls from "node:tls";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { byOpenssl, hasOpenssl, verify } from "./openssl.js";
import { ecKey, rsaKey, World } from "./world.js";

const DAY = 24 * 3600 * 1000;

const world = await World.start(afterAll);
const room = await world.contractWithCa("c1");
const ca = await world.caCertificate("c1");
const server = ecKey("P-256");
const request = {
  publicKey: server.publicKey,
  subjectName: "CN=web,O=Contoso\\, Fabrikam and Co,OU=B,OU=A,C=CH",
  subjectAlternateNames: ["dNSName:web.contoso.example", "dNSName:*.web.contoso.example", "iPAddress:192.0.2.1", "iPAddress:2001:db8::1"],
  validityPeriodDays: 30,
};
const leaf = await world.certificate(room, request);

const parsed = (pem: string) => AsnConvert.parse(new X509Certificate(pem).raw, Certificate).tbsCertificate;

/** An extension of a certificate: whether it is critical, and what it says. */
function extension<T>(pem: string, id: string, type: new () => T): { readonly critical: boolean; readonly value: T } {
  const found = parsed(pem).extensions?.find(({ extnID }) => extnID === id);
  if (!found) throw new Error(`no extension ${id}`);
  return { critical: found.critical, value: AsnConvert.parse(found.extnValue.buffer, type) };
}

const idOf = ({ buffer }: { readonly buffer: ArrayBuffer }) => Buffer.from(buffer).toString("hex");

describe.skipIf(!hasOpenssl)(`${byOpenssl} verifies, as strictly as it can,`, () => {
  test.each([
    ["the certificate for servers", ["-purpose", "sslserver"]],
    ["the certificate for clients", ["-purpose", "sslclient"]],
    ["its DNS name", ["-verify_hostname", "web.contoso.example"]],
    ["its wildcard", ["-verify_hostname", "a.web.contoso.example"]],
    ["its IPv4 address", ["-verify_ip", "192.0.2.1"]],
    ["its IPv6 address", ["-verify_ip", "2001:db8:0::1"]],
  ])("%s", async (_, args) => {
    expect(await verify({ ca, leaf }, ...args)).toBe("leaf.pem: OK\n");
  });

  test("but not names that the certificate does not have", async () => {
    expect(await verify({ ca, leaf }, "-verify_hostname", "contoso.example")).toMatch(/hostname mismatch/i);
    expect(await verify({ ca, leaf }, "-verify_ip", "192.0.2.2")).toMatch(/IP address mismatch/i);
  });

  test.each([
    ["RSA of 3072 bits", rsaKey(3072)],
    ["P-384", ecKey("P-384")],
    ["P-521", ecKey("P-521")],
  ])("a certificate for a key of %s", async (_, { publicKey }) => {
    const other = await world.certificate(room, { ...request, publicKey });
    expect(await verify({ ca, leaf: other }, "-purpose", "sslserver")).toBe("leaf.pem: OK\n");
  });
});

test("the certificate is for the key and the names that were asked for, in the order of the request", () => {
  const certificate = new X509Certificate(leaf);
  expect(certificate.publicKey.export({ type: "spki", format: "pem" })).toBe(server.publicKey);
  expect(certificate.subject).toBe("CN=web\nO=Contoso\\, Fabrikam and Co\nOU=B\nOU=A\nC=CH");
  expect(certificate.subjectAltName).toBe(
    "DNS:web.contoso.example, DNS:*.web.contoso.example, IP Address:192.0.2.1, IP Address:2001:DB8:0:0:0:0:0:1",
  );
});

test("the certificate is of the CA, and can be of no other", () => {
  const [certificate, authority] = [new X509Certificate(leaf), new X509Certificate(ca)];
  expect(certificate.issuer).toBe("CN=Azure Clean Room CA");
  expect(certificate.checkIssued(authority) && certificate.verify(authority.publicKey)).toBe(true);
  const { keyIdentifier } = extension(leaf, "2.5.29.35", AuthorityKeyIdentifier).value;
  expect(keyIdentifier && idOf(keyIdentifier)).toBe(idOf(extension(ca, "2.5.29.14", SubjectKeyIdentifier).value));
});

test("a certificate is for servers and clients of TLS, and for no CA", async () => {
  const uses = (pem: string) => extension(pem, "2.5.29.15", KeyUsage);
  expect(new X509Certificate(leaf).ca).toBe(false);
  expect(extension(leaf, "2.5.29.19", BasicConstraints)).toEqual({ critical: true, value: new BasicConstraints() });
  expect(uses(leaf).critical).toBe(true);
  expect(uses(leaf).value.toJSON()).toEqual(["digitalSignature"]);
  expect([...extension(leaf, "2.5.29.37", ExtendedKeyUsage).value]).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
  const rsa = await world.certificate(room, { ...request, publicKey: rsaKey().publicKey });
  expect(uses(rsa).value.toJSON()).toEqual(["digitalSignature", "keyEncipherment"]);
});

test("the CA may sign certificates of leaves, and nothing else", () => {
  const authority = new X509Certificate(ca);
  expect(authority.subject).toBe("CN=Azure Clean Room CA");
  expect(authority.issuer).toBe("CN=Azure Clean Room CA");
  expect(authority.publicKey.asymmetricKeyDetails?.namedCurve).toBe("secp384r1");
  expect(authority.ca && authority.verify(authority.publicKey)).toBe(true);
  const constraints = extension(ca, "2.5.29.19", BasicConstraints);
  expect(constraints).toEqual({ critical: true, value: new BasicConstraints({ cA: true, pathLenConstraint: 0 }) });
  expect(extension(ca, "2.5.29.15", KeyUsage)).toMatchObject({ critical: true });
  expect(extension(ca, "2.5.29.15", KeyUsage).value.toJSON()).toEqual(["crlSign", "keyCertSign"]);
});

test("no two certificates have a serial number in common; all are positive and of 16 bytes", async () => {
  const again = await world.certificate(room, request);
  const serials = [ca, leaf, again].map((pem) => Buffer.from(parsed(pem).serialNumber));
  expect(new Set(serials.map((serial) => serial.toString("hex"))).size).toBe(3);
  for (const serial of serials) expect([serial.length, (serial[0] ?? 0) >> 6]).toEqual([16, 1]);
});

test("the certificate is valid from the day before, for as many days as were asked for", () => {
  const { validFrom, validTo } = new X509Certificate(leaf);
  const [from, to] = [Date.parse(validFrom), Date.parse(validTo)];
  expect(to - from).toBe(31 * DAY - 1000);
  expect(Math.abs(Date.now() - DAY - from)).toBeLessThan(60_000);
});

test("without alternative names the certificate has none", async () => {
  for (const subjectAlternateNames of [undefined, null, []]) {
    expect(new X509Certificate(await world.certificate(room, { ...request, subjectAlternateNames })).subjectAltName).toBeUndefined();
  }
});

test("two clean rooms that trust the CA talk TLS with each other by certificates of theirs, and with nobody else", async () => {
  const client = rsaKey();
  const clientLeaf = await world.certificate(room, { publicKey: client.publicKey, subjectName: "CN=client", validityPeriodDays: 1 });
  const listener = tls.createServer({ key: server.privateKey, cert: leaf, ca, requestCert: true, rejectUnauthorized: true }, (socket) => {
    socket.end(`hello ${String(socket.getPeerCertificate().subject.CN)}`);
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  onTestFinished(() => void listener.close());
  const { port } = listener.address() as AddressInfo;

  const talk = async (options: tls.ConnectionOptions): Promise<string> => {
    const socket = tls.connect({ host: "127.0.0.1", port, servername: "web.contoso.example", ca, ...options });
    let heard = "";
    socket.setEncoding("utf8").on("data", (text: string) => (heard += text));
    await once(socket, "close").finally(() => socket.destroy());
    return heard;
  };
  const own = { key: client.privateKey, cert: clientLeaf };
  expect(await talk(own)).toBe("hello client");
  await expect(talk({ ...own, servername: "other.example" })).rejects.toMatchObject({ code: "ERR_TLS_CERT_ALTNAME_INVALID" });
  await expect(talk({})).rejects.toThrow(/certificate required/i);
  await world.contractWithCa("other");
  await expect(talk({ ...own, ca: await world.caCertificate("other") })).rejects.toMatchObject({
    code: expect.stringMatching(/SELF_SIGNED|UNABLE_TO/) as string,
  });
});
