import { createHash, X509Certificate } from "node:crypto";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { expect, onTestFinished, test } from "vitest";
import { learnServiceCertificate } from "../../client/firstUse.js";
import { outsideValidity } from "../../client/identity.js";
import { connect, type Endpoint, type Transport } from "../../client/transport.js";
import { authority, expired, issue, member, serve } from "./authority.js";

function open(endpoint: Endpoint): Transport {
  const transport = connect(endpoint);
  onTestFinished(() => transport.close());
  return transport;
}

const get = { method: "GET", path: "/" } as const;

test("the member's certificate is offered to the server, and one connection serves request after request", async () => {
  const service = authority("service");
  const alice = member("alice");
  const seen: { id: string; port: number | undefined }[] = [];
  const { url } = await serve(issue(service), (request, response) => {
    if (!(request.socket instanceof TLSSocket)) throw new Error("not TLS");
    const { raw } = request.socket.getPeerCertificate();
    seen.push({ id: createHash("sha256").update(raw).digest("hex"), port: request.socket.remotePort });
    response.setHeader("x-ms-ccf-transaction-id", "2.17").end("hello");
  });
  const transport = open({ url, serviceCertificate: service.cert, identity: alice });

  const answer = await transport.request(get);
  await transport.request(get);
  expect(answer).toMatchObject({ status: 200, transactionId: "2.17" });
  expect(answer.body.toString()).toBe("hello");
  expect(seen[0]?.id).toBe(alice.memberId);
  expect(alice.memberId).toBe(createHash("sha256").update(new X509Certificate(alice.certificate).raw).digest("hex"));
  expect(seen[1]?.port).toBe(seen[0]?.port);
});

test("a server of another service is not trusted, and sees no request", async () => {
  const [ours, theirs] = [authority("ours"), authority("theirs")];
  let requests = 0;
  const { url } = await serve(issue(theirs), (_, response) => {
    requests += 1;
    response.end();
  });
  const transport = open({ url, serviceCertificate: ours.cert });
  await expect(transport.request(get)).rejects.toMatchObject({ code: "NotTrusted" });
  expect(requests).toBe(0);
});

test("a node's certificate is no authority: trust in it is for the one connection that asks for that", async () => {
  const service = authority("service");
  const node = issue(service);
  const { url } = await serve(node, (_, response) => response.end());
  await expect(open({ url, serviceCertificate: node.cert }).request(get)).rejects.toMatchObject({ code: "NotTrusted" });
  await expect(open({ url, serviceCertificate: node.cert, trustIsLeaf: true }).request(get)).resolves.toMatchObject({ status: 200 });
});

test("an expired certificate is named as such", async () => {
  const service = authority("service");
  const { url } = await serve(issue(service, { expired: true }), (_, response) => response.end());
  await expect(open({ url, serviceCertificate: service.cert }).request(get)).rejects.toMatchObject({ code: "Expired" });
});

test("a certificate for another host is named as such", async () => {
  const service = authority("service");
  const { url } = await serve(issue(service, { host: "DNS:elsewhere.example" }), (_, response) => response.end());
  await expect(open({ url, serviceCertificate: service.cert }).request(get)).rejects.toMatchObject({ code: "WrongName" });
});

test("a service that is not there is named with its address", async () => {
  const service = authority("service");
  const { url, server } = await serve(issue(service), (_, response) => response.end());
  await new Promise((resolve) => server.close(resolve));
  await expect(open({ url, serviceCertificate: service.cert }).request(get)).rejects.toMatchObject({
    code: "NotRunning",
    message: `cannot talk to ${url}: nothing listens there; is the service running?`,
  });
});

test.each([
  [
    "speaks plain HTTP",
    (socket: Socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"),
    "what answers there does not speak TLS; plain HTTP perhaps?",
  ],
  ["closes in the handshake", (socket: Socket) => socket.destroy(), "the other side closed the connection during the handshake"],
])("of a peer that %s it is said that nothing was sent", async (_, answer, reason) => {
  const server = createServer((socket) => { socket.once("data", () => answer(socket)); }); // prettier-ignore
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const failure = {
    code: "HandshakeFailed",
    message: `cannot talk to ${url}: no TLS connection came about, and nothing was sent: ${reason}`,
  };
  await expect(open({ url, serviceCertificate: authority("service").cert }).request(get)).rejects.toMatchObject(failure);
  await expect(learnServiceCertificate(url)).rejects.toMatchObject(failure);
});

test("a service certificate that has expired is named with its date", async () => {
  const service = expired(authority("service"));
  const { url } = await serve(issue(service), (_, response) => response.end());
  await expect(open({ url, serviceCertificate: service.cert }).request(get)).rejects.toMatchObject({
    code: "Expired",
    message: expect.stringContaining(": the service certificate expired on ") as unknown,
  });
});

test("a period of validity has two ends", () => {
  const certificate = new X509Certificate(authority("x").cert);
  expect(outsideValidity(certificate)).toBeUndefined();
  expect(outsideValidity(certificate, Date.parse(certificate.validFrom) - 1000)).toMatch(/^is valid only from \d{4}-.*:\d\dZ$/);
  expect(outsideValidity(certificate, Date.parse(certificate.validTo) + 1000)).toMatch(/^expired on \d{4}-.*:\d\dZ$/);
});

test("a server that keeps silent is given up", async () => {
  const service = authority("service");
  const { url } = await serve(issue(service), () => undefined);
  await expect(open({ url, serviceCertificate: service.cert, timeout: 1000 }).request(get)).rejects.toMatchObject({ code: "TimedOut" });
});

test("a connection that breaks before the answer is complete is an error, not an answer", async () => {
  const service = authority("service");
  const { url } = await serve(issue(service), (_, response) => {
    response.writeHead(200, { "content-length": "100" }).write("half");
    setTimeout(() => response.destroy(), 20);
  });
  await expect(open({ url, serviceCertificate: service.cert }).request(get)).rejects.toMatchObject({ code: "Interrupted" });
});

test.each(["http://127.0.0.1:8000", "https://host/app", "host:8000", "https://user@host", ""])(
  "%j is not the address of a service",
  (url) => {
    const { cert } = authority("service");
    expect(() => connect({ url, serviceCertificate: cert })).toThrow(expect.objectContaining({ code: "InvalidUrl" }));
  },
);

test("a path that is not percent-encoded is refused, and the next request goes through", async () => {
  const service = authority("service");
  const { url } = await serve(issue(service), (_, response) => response.end());
  const transport = open({ url, serviceCertificate: service.cert });
  for (const path of ["/a b", "/é", "/a\r\nb", "a", ""]) {
    await expect(transport.request({ method: "GET", path })).rejects.toMatchObject({ name: "Refusal", code: "InvalidPath" });
  }
  await expect(transport.request(get)).resolves.toMatchObject({ status: 200 });
});
