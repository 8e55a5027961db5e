import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** PEM texts. */
export type Pair = { readonly certificate: string; readonly key: string };

/** A self-signed certificate on P-384, as members make theirs. */
export const newCertificate = (name: string): Pair =>
  inFolder((folder) => {
    openssl(folder, "-x509", "-days", "30", "-subj", `/CN=${name}`, "-out", "out.pem");
    return { certificate: read(folder, "out.pem"), key: read(folder, "key.pem") };
  });

/** A certificate signing request, PEM. */
export const newSigningRequest = (name: string): string =>
  inFolder((folder) => {
    openssl(folder, "-subj", `/CN=${name}`, "-out", "out.pem");
    return read(folder, "out.pem");
  });

function openssl(folder: string, ...args: string[]): void {
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-nodes", "-keyout", "key.pem"];
  execFileSync("openssl", ["req", ...newKey, ...args], { cwd: folder, stdio: "ignore" });
}

const read = (folder: string, file: string): string => readFileSync(join(folder, file), "utf8");

function inFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "certificates-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
