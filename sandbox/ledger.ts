import { X509Certificate } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { showLedger, type Range, type ShownTransaction } from "./enclave/ledger/show.js";
import { SandboxError } from "./error.js";
import { readServiceCertificate } from "./host/ledger/identityFiles.js";
import { ledgerEntries } from "./host/ledger/scan.js";
import { verifyDirectory, type DirectoryVerification } from "./host/ledger/verify.js";
import { LEDGER_FOLDER } from "./host/files.js";

/* What can be read of the directory of a service without running it, also while it runs: nothing here writes. */

export type { Range, Shown, ShownRow, ShownTransaction } from "./enclave/ledger/show.js";
export { showEntry } from "./enclave/ledger/show.js";
export { LedgerCorrupt } from "./enclave/ledger/corrupt.js";
export { LedgerDamaged } from "./host/ledger/damaged.js";

export type ServiceVerification = DirectoryVerification & {
  /** SHA-256 of the certificate that all signatures lead to, as OpenSSL prints it. */
  readonly serviceFingerprint: string;
};

/**
 * Verifies the ledger of the service in a directory from its first byte.
 *
 * Whoever can write the directory can replace the service together with its certificate: compare the fingerprint with one from elsewhere.
 *
 * @throws SandboxError where there is no service
 */
export async function verifyService(directory: string): Promise<ServiceVerification> {
  await requireLedger(directory);
  const certificate = await certificateOf(directory);
  const verification = await verifyDirectory(join(directory, LEDGER_FOLDER), certificate.toString());
  return { ...verification, serviceFingerprint: certificate.fingerprint256 };
}

/** The transactions of the service in a directory; nothing is verified. @throws SandboxError, LedgerDamaged, LedgerCorrupt */
export async function* showService(directory: string, range: Range = {}): AsyncGenerator<ShownTransaction> {
  await requireLedger(directory);
  yield* showLedger(ledgerEntries(join(directory, LEDGER_FOLDER)), range);
}

/** The entries of the service in a directory as they are in its ledger: what receipts have the digests of. @throws SandboxError, LedgerDamaged */
export async function* entriesOf(directory: string): AsyncGenerator<Uint8Array> {
  await requireLedger(directory);
  yield* ledgerEntries(join(directory, LEDGER_FOLDER));
}

async function requireLedger(directory: string): Promise<void> {
  const names = await readable(directory, () => readdir(join(directory, LEDGER_FOLDER)));
  if (!names.some((name) => name.startsWith("ledger_"))) throw new SandboxError(`${directory} holds no ledger: its folder is empty`);
}

async function certificateOf(directory: string): Promise<X509Certificate> {
  const pem = await readable(directory, () => readServiceCertificate(directory));
  try {
    return new X509Certificate(pem);
  } catch (cause) {
    throw new SandboxError(`the service certificate in ${directory} cannot be read`, { cause });
  }
}

async function readable<T>(directory: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    const { code, path = "" } = cause as NodeJS.ErrnoException;
    if (code !== "ENOENT" && code !== "ENOTDIR") throw cause;
    throw new SandboxError(`${directory} is not the directory of a service: ${path} is missing`, { cause });
  }
}
