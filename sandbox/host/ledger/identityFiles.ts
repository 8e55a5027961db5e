import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeDurably } from "./durable.js";

const SERVICE_CERTIFICATE = "service_cert.pem";
const SEALED_IDENTITY = "identity.json";

/** What clients trust the service by; PEM. */
export const writeServiceCertificate = (directory: string, pem: string): Promise<void> =>
  writeDurably(join(directory, SERVICE_CERTIFICATE), pem, 0o644);

export const readServiceCertificate = (directory: string): Promise<string> => readFile(join(directory, SERVICE_CERTIFICATE), "utf8");

export const sealedIdentityFile = (directory: string): string => join(directory, SEALED_IDENTITY);

/** The keys of the service, for its owner's eyes only. */
export const writeSealedIdentity = (directory: string, sealed: string): Promise<void> =>
  writeDurably(sealedIdentityFile(directory), sealed, 0o600);

/** undefined where there is none. */
export async function readSealedIdentity(directory: string): Promise<string | undefined> {
  try {
    return await readFile(sealedIdentityFile(directory), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
