import { createPublicKey, X509Certificate } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { InitialMember } from "../../sandbox/index.js";
import { CommandError } from "../failure.js";
import { readText } from "../io.js";

const CERTIFICATE = "_cert.pem";

/** Every `NAME_cert.pem` of a directory, with `NAME_enc_pubk.pem` and `NAME_data.json` where they are there. @throws CommandError */
export async function readMembers(directory: string): Promise<readonly InitialMember[]> {
  const files = new Set(await list(directory));
  const names = [...files].filter((file) => file.endsWith(CERTIFICATE)).map((file) => file.slice(0, -CERTIFICATE.length));
  if (names.length === 0) throw new CommandError(`${directory} holds no certificate (NAME${CERTIFICATE}) of an initial member`);
  return Promise.all(names.sort().map((name) => readMember(directory, name, files)));
}

async function readMember(directory: string, name: string, files: ReadonlySet<string>): Promise<InitialMember> {
  const read = async (file: string): Promise<string | undefined> => (files.has(file) ? readText(join(directory, file)) : undefined);
  const [certificate, encryptionPublicKey, data] = await Promise.all([
    readText(join(directory, `${name}${CERTIFICATE}`)),
    read(`${name}_enc_pubk.pem`),
    read(`${name}_data.json`),
  ]);
  checkCertificate(certificate, join(directory, `${name}${CERTIFICATE}`));
  if (encryptionPublicKey !== undefined) checkEncryptionKey(encryptionPublicKey, join(directory, `${name}_enc_pubk.pem`));
  return { certificate, encryptionPublicKey, ...(data !== undefined && { data: parse(data, join(directory, `${name}_data.json`)) }) };
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

async function list(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (cause) {
    throw new CommandError(`cannot read the members' directory ${directory}`, { cause });
  }
}
