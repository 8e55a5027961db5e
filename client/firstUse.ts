import { X509Certificate } from "node:crypto";
import { connect as connectTls } from "node:tls";
import { connectionError } from "./connectionError.js";
import { Refusal } from "./errors.js";
import { readCertificate } from "./identity.js";
import { getJson } from "./session.js";
import { connect, originOf } from "./transport.js";

export type LearnedCertificate = {
  /** PEM of the service certificate, to be pinned. */
  readonly certificate: string;
  /** SHA-256 of its DER: upper-case hex, colons between the bytes; to be compared with what the operator says. */
  readonly fingerprint: string;
};

/**
 * Learns the certificate of a service that nothing is known of yet (trust on first use).
 *
 * No byte of the application travels over a connection that is not verified: a first handshake, which fails because nothing is trusted,
 * shows the certificate of the node; a second connection trusts exactly that one, and asks for the certificate of the service. What comes
 * back must have issued the node's certificate, and a third connection that trusts nothing else must give the same answer.
 * Whether this is the right service only a person can say, by the fingerprint.
 *
 * @throws ConnectionError; Refusal ServiceCertificateMismatch, InvalidUrl
 */
export async function learnServiceCertificate(url: string): Promise<LearnedCertificate> {
  const node = await offeredCertificate(originOf(url));
  const claimed = await claimedCertificate(url, node.toString(), true);
  const service = readCertificate(claimed);
  if (!node.checkIssued(service) || !node.verify(service.publicKey)) {
    throw new Refusal(
      "ServiceCertificateMismatch",
      `the certificate that ${url} offers was not issued by the service behind it; get the service certificate from the operator`,
    );
  }
  const confirmed = readCertificate(await claimedCertificate(url, claimed, false));
  if (confirmed.fingerprint256 !== service.fingerprint256) {
    throw new Refusal("ServiceCertificateMismatch", `${url} named two different service certificates; get the right one from the operator`);
  }
  return { certificate: claimed, fingerprint: service.fingerprint256 };
}

/** The certificate that a server shows in the handshake. Nothing is trusted, so the handshake fails; nothing is sent. */
function offeredCertificate(origin: string): Promise<X509Certificate> {
  const { hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, "");
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host, port: port === "" ? 443 : Number(port), servername: serverName(host), ca: [], timeout: 30_000 });
    // Node's own listener of this event verifies, and on failure destroys the socket and with it the certificate: look before it does.
    socket.prependListener("secure", () => {
      const certificate = socket.getPeerX509Certificate();
      if (certificate) resolve(certificate);
    });
    socket.on("timeout", () => socket.destroy(Object.assign(new Error("timed out"), { code: "ETIMEDOUT" })));
    socket.on("error", (cause) => {
      reject(connectionError(origin, cause, { connecting: true })); // after a certificate was seen this has no effect
    });
    socket.on("secureConnect", () => socket.destroy());
  });
}

/** Server Name Indication is for names alone (RFC 6066 section 3). */
function serverName(host: string): string {
  return /^[\d.]+$|:/.test(host) ? "" : host;
}

async function claimedCertificate(url: string, trusted: string, trustIsLeaf: boolean): Promise<string> {
  const transport = connect({ url, serviceCertificate: trusted, trustIsLeaf });
  try {
    const { service_certificate } = await getJson<{ service_certificate: string }>(transport, "/node/network");
    return service_certificate;
  } finally {
    await transport.close();
  }
}
