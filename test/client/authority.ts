import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { RequestListener } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { identityOf, type Identity } from "../../client/identity.js";

/** A certificate and its key, as PEM. */
export type Pair = { readonly cert: string; readonly key: string };

/** An authority, for services that are not ours: wrong, expired, or unknown ones. */
export function authority(commonName: string): Pair {
  return selfSigned(commonName, "P-384", "basicConstraints=critical,CA:TRUE,pathlen:0");
}

/** The same self-signed certificate, but expired yesterday. */
export function expired({ cert, key }: Pair): Pair {
  const folder = mkdtempSync(join(tmpdir(), "authority-"));
  try {
    writeFileSync(join(folder, "cert"), cert);
    writeFileSync(join(folder, "key"), key);
    const args = ["x509", "-in", "cert", "-signkey", "key", "-days", "-1"];
    return { cert: execFileSync("openssl", args, { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }), key };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A certificate for 127.0.0.1, or for another host, issued by an authority. */
export function issue(by: Pair, { host = "IP:127.0.0.1", expired = false } = {}): Pair {
  const folder = mkdtempSync(join(tmpdir(), "authority-"));
  try {
    writeFileSync(join(folder, "ca"), by.cert);
    writeFileSync(join(folder, "ca_key"), by.key);
    writeFileSync(join(folder, "extensions"), `subjectAltName=${host}\nbasicConstraints=critical,CA:FALSE\n`);
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-nodes", "-keyout", "key", "-out", "csr", "-subj", "/CN=node");
    const days = expired ? "-1" : "1";
    openssl("x509", "-req", "-in", "csr", "-CA", "ca", "-CAkey", "ca_key", "-days", days, "-extfile", "extensions", "-out", "cert");
    return { cert: readFileSync(join(folder, "cert"), "utf8"), key: readFileSync(join(folder, "key"), "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }

  function openssl(...args: string[]): void {
    execFileSync("openssl", args, { cwd: folder, stdio: "ignore" });
  }
}

/** A member with a self-signed certificate. */
export function member(name: string, curve: "P-256" | "P-384" | "P-521" = "P-384"): Identity {
  const { cert, key } = selfSigned(name, curve, "basicConstraints=critical,CA:FALSE");
  return identityOf(cert, key);
}

/** An HTTPS server on a free port of 127.0.0.1 that asks for client certificates and takes any; gone when the test is over. */
export async function serve(tls: Pair, listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer({ ...tls, requestCert: true, rejectUnauthorized: false }, listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

function selfSigned(commonName: string, curve: string, extension: string): Pair {
  const subject = ["-subj", `/CN=${commonName}`, "-days", "1", "-addext", extension];
  const args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", `ec_paramgen_curve:${curve}`, "-nodes", "-keyout", "-", ...subject];
  const text = execFileSync("openssl", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const start = text.indexOf("-----BEGIN CERTIFICATE");
  return { key: text.slice(0, start), cert: text.slice(start) };
}
