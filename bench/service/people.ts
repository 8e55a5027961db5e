import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { identityOf, type Identity } from "../../client/identity.js";

/** A member with a self-signed P-384 certificate. */
export function newMember(name: string): Identity {
  const subject = ["-subj", `/CN=${name}`, "-days", "1", "-addext", "basicConstraints=critical,CA:FALSE"];
  const args = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384", "-nodes", "-keyout", "-", ...subject];
  const text = execFileSync("openssl", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const start = text.indexOf("-----BEGIN CERTIFICATE");
  return identityOf(text.slice(start), text.slice(0, start));
}

/** Writes the certificates as `sandbox start --members` takes them. */
export async function writeMembers(folder: string, members: readonly Identity[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { memberId, certificate } of members) await writeFile(join(folder, `${memberId}_cert.pem`), certificate);
}
