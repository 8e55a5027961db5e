import { createPublicKey, X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { InitialMember } from "../../sandbox/index.js";
import { CommandError } from "../failure.js";
import { readText } from "../io.js";

const CERTIFICATE = "_cert.pem";

/**
 * Those of certificates `NAME_cert.pem`, with `NAME_enc_pubk.pem` and `NAME_data.json` where these lie beside them.
 *
 * @param paths of certificates, and of directories whose every certificate counts
 * @throws CommandError
 */
export async function readMembers(paths: readonly string[]): Promise<readonly InitialMember[]> {
  const certificates = (await Promise.all(paths.map(certificatesAt))).flat();
  return Promise.all([...new Set(certificates)].map(readMember));
}

async function certificatesAt(path: string): Promise<string[]> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new CommandError(`cannot read the certificates of initial members: there is no ${path}`, { cause });
  });
  if (found.isDirectory()) {
    const files = (await readdir(path)).filter((file) => file.endsWith(CERTIFICATE)).sort();
    if (files.length === 0) throw new CommandError(`${path} holds no certificate (NAME${CERTIFICATE}) of an initial member`);
    return files.map((file) => join(path, file));
  }
  if (!path.endsWith(CERTIFICATE))
    throw new CommandError(`${path} is not called NAME${CERTIFICATE}, as certificates of initial members are`);
  return [path];
}

async function readMember(file: string): Promise<InitialMember> {
  const beside = (ending: string): string => file.slice(0, -CERTIFICATE.length) + ending;
  const [keyFile, dataFile] = [beside("_enc_pubk.pem"), beside("_data.json")];
  const read = async (file: string): Promise<string | undefined> => (existsSync(file) ? readText(file) : undefined);
  const [certificate, encryptionPublicKey, data] = await Promise.all([readText(file), read(keyFile), read(dataFile)]);
  checkCertificate(certificate, file);
  if (encryptionPublicKey !== undefined) checkEncryptionKey(encryptionPublicKey, keyFile);
  return { certificate, encryptionPublicKey, ...(data !== undefined && { data: parse(data, dataFile) }) };
}

function checkCertificate(pem: string, file: string): void {
  try {
    new X509Certificate(pem);
  } catch (cause) {
    throw new CommandError(`${file} is no PEM certificate`, { cause });
  }
}

/** Recovery shares are encrypted under it, with RSA. */
function checkEncryptionKey(pem: string, file: string): void {
  let type: string | undefined;
  try {
    type = createPublicKey(pem).asymmetricKeyType;
  } catch (cause) {
    throw new CommandError(`${file} is no PEM public key`, { cause });
  }
  if (type !== "rsa") throw new CommandError(`${file} is no RSA key, which recovery shares need`);
}

function parse(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new CommandError(`${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
}
