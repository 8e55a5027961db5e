import type { Stats } from "node:fs";
import { stat } from "node:fs/promises";
import { identityOf, outsideValidity, readCertificate, type Identity } from "../client/identity.js";
import { Refusal } from "../client/errors.js";
import { CommandError, isSystemError } from "./failure.js";
import { readText, type Io } from "./io.js";

/** Permissions that anybody has besides the owner. */
const OTHERS = 0o077;

/**
 * The PEM of a member's private key, from a file that its owner alone can read.
 *
 * @throws CommandError
 */
async function readPrivateKey(file: string): Promise<string> {
  const found = await statOf(file);
  if (found?.isDirectory()) throw new CommandError(`${file} is a folder, not a file`);
  const mode = process.platform === "win32" || !found ? 0 : found.mode & 0o7777;
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

/**
 * Warns of a certificate that is outside its period of validity.
 *
 * @param consequence what comes of it
 */
export function warnOfDates(file: string, certificate: string, consequence: string, io: Io): void {
  const outside = outsideValidity(readCertificate(certificate));
  if (outside !== undefined) io.note(`WARNING: the certificate ${file} ${outside}; ${consequence}`);
}

/** CCF looks at the dates of users' certificates alone. */
export const NOT_CHECKED = "CCF does not check the dates of members' certificates, so the service takes it all the same";

async function statOf(file: string): Promise<Stats | undefined> {
  try {
    return await stat(file);
  } catch (error) {
    if (isSystemError(error)) return undefined; // reading it says what is wrong
    throw error;
  }
}
