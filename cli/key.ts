import { stat } from "node:fs/promises";
import { identityOf, readCertificate, type Identity } from "../client/identity.js";
import { Refusal } from "../client/errors.js";
import { CommandError, isSystemError } from "./failure.js";
import { readText } from "./io.js";

/** Permissions that anybody has besides the owner. */
const OTHERS = 0o077;

/**
 * The PEM of a member's private key, from a file that its owner alone can read.
 *
 * @throws CommandError
 */
async function readPrivateKey(file: string): Promise<string> {
  const mode = process.platform === "win32" ? 0 : await modeOf(file);
  if ((mode & OTHERS) !== 0) {
    const octal = mode.toString(8).padStart(4, "0");
    throw new CommandError(`${file} is a private key that others can reach (mode ${octal}): chmod 600 ${file}`);
  }
  return readText(file);
}

/**
 * A member or user whose private key is in a file.
 *
 * @param certificate PEM
 * @throws CommandError; Refusal KeyMismatch
 */
export async function identityFrom(certificate: string, keyFile: string): Promise<Identity> {
  const key = await readPrivateKey(keyFile);
  try {
    return identityOf(certificate, key);
  } catch (cause) {
    if (cause instanceof Refusal && cause.code === "InvalidKey") throw new CommandError(`${keyFile}: ${cause.message}`, { cause });
    throw cause;
  }
}

/** The PEM of a certificate. @throws CommandError */
export async function readCertificateFile(file: string): Promise<string> {
  const pem = await readText(file);
  try {
    readCertificate(pem);
  } catch (cause) {
    if (cause instanceof Refusal) throw new CommandError(`${file}: ${cause.message}`, { cause });
    throw cause;
  }
  return pem;
}

async function modeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).mode & 0o7777;
  } catch (error) {
    if (isSystemError(error)) return 0; // reading it says what is wrong
    throw error;
  }
}
