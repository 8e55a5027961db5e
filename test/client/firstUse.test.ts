import { X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { learnServiceCertificate } from "../../client/firstUse.js";
import { authority, issue, serve } from "./authority.js";

test("the certificate of the service behind a node is learned, and nothing is asked before the node is verified", async () => {
  const service = authority("service");
  let handshakes = 0;
  const connections = new Set<number | undefined>();
  const { url, server } = await serve(issue(service), (request, response) => {
    connections.add(request.socket.remotePort);
    response.end(JSON.stringify({ service_certificate: service.cert }));
  });
  server.on("connection", () => (handshakes += 1));

  const learned = await learnServiceCertificate(url);
  expect(learned.certificate).toBe(service.cert);
  expect(learned.fingerprint).toBe(new X509Certificate(service.cert).fingerprint256);
  expect(handshakes).toBe(3);
  expect(connections.size).toBe(2); // the first connection carried no request
});

test("a node that names a service which did not issue its certificate is refused", async () => {
  const [real, claimed] = [authority("service"), authority("service")];
  const { url } = await serve(issue(real), (_, response) => response.end(JSON.stringify({ service_certificate: claimed.cert })));
  await expect(learnServiceCertificate(url)).rejects.toMatchObject({ code: "ServiceCertificateMismatch" });
});

test("a node that is expired, or of another host, is refused on first use too", async () => {
  const service = authority("service");
  const answer = JSON.stringify({ service_certificate: service.cert });
  const expired = await serve(issue(service, { expired: true }), (_, response) => response.end(answer));
  await expect(learnServiceCertificate(expired.url)).rejects.toMatchObject({ code: "Expired" });
  const elsewhere = await serve(issue(service, { host: "DNS:elsewhere.example" }), (_, response) => response.end(answer));
  await expect(learnServiceCertificate(elsewhere.url)).rejects.toMatchObject({ code: "WrongName" });
});

test("a service that is not there is named with its address", async () => {
  const service = authority("service");
  const { url, server } = await serve(issue(service), (_, response) => response.end());
  await new Promise((resolve) => server.close(resolve));
  await expect(learnServiceCertificate(url)).rejects.toMatchObject({ code: "NotRunning" });
});
