import { execFile, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** Tests that ask the command are skipped, and say so by this name, where the machine has none. */
export const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
export const byOpenssl = hasOpenssl ? "openssl" : "openssl (not on this machine)";

/** What the command said, on both streams. `files` are written down for it; their names stand for their paths in the arguments. */
async function openssl(args: readonly string[], files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "ca-"));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(folder, name), text);
    return await new Promise((resolve) => {
      execFile("openssl", args, { cwd: folder }, (_, stdout, stderr) => {
        resolve(stdout + stderr);
      });
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

type Verification = { readonly ca: string; readonly leaf: string; readonly intermediate?: string };

/** `openssl verify` with its strictest reading of RFC 5280, and these arguments besides. */
export function verify({ ca, leaf, intermediate }: Verification, ...args: readonly string[]): Promise<string> {
  const untrusted = intermediate === undefined ? [] : ["-untrusted", "intermediate.pem"];
  return openssl(["verify", "-x509_strict", "-check_ss_sig", "-CAfile", "ca.pem", ...untrusted, ...args, "leaf.pem"], {
    "ca.pem": ca,
    "leaf.pem": leaf,
    ...(intermediate !== undefined && { "intermediate.pem": intermediate }),
  });
}

/** Issues a certificate of a CA by a certificate that is none; PEM. */
export function misuse(leaf: string, privateKey: string, publicKey: string): Promise<string> {
  const args = ["x509", "-new", "-force_pubkey", "victim.pem", "-subj", "/CN=victim", "-CA", "leaf.pem", "-CAkey", "key.pem"];
  return openssl(args, { "leaf.pem": leaf, "key.pem": privateKey, "victim.pem": publicKey });
}

/** A CA of a key (PEM) as the public service makes them: it is identified by SHA-1. */
export function selfSigned(privateKey: string, days: number): Promise<string> {
  const args = ["req", "-x509", "-new", "-key", "key.pem", "-sha384", "-days", String(days), "-subj", "/CN=Azure Clean Room CA"];
  return openssl([...args, "-addext", "subjectKeyIdentifier=hash"], { "key.pem": privateKey });
}
