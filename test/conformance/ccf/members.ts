import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateKey, identity, identityOf, privatePem, publicPem, type Identity } from "./identity.js";

/** The initial members of every service that is played against. */
export type Members = readonly [Identity, Identity, Identity];

/** Member data of member1, as the recordings show it. */
const DATA = { role: "initial", level: 1 };

/**
 * Writes the members of a fresh service: `memberN_cert.pem` and `memberN_privk.pem`; for member0 and member1 also the recovery key
 * `memberN_enc_pubk.pem` (and its private half), for member1 `member1_data.json`.
 */
export function generateMembers(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const write = (file: string, contents: string): void => {
    writeFileSync(join(directory, file), contents, { mode: 0o600 });
  };
  for (const member of inOrder()) {
    write(`${member.name}_cert.pem`, member.cert);
    write(`${member.name}_privk.pem`, member.keyPem);
  }
  for (const name of ["member0", "member1"]) {
    const key = generateKey("RSA2048");
    write(`${name}_enc_pubk.pem`, publicPem(key));
    write(`${name}_enc_privk.pem`, privatePem(key));
  }
  write("member1_data.json", JSON.stringify(DATA));
}

/** CCF shows votes in the order of the members' ids, which are digests: as in the recordings, that has to be the order of their names. */
function inOrder(): Members {
  for (;;) {
    const members: Members = [identity("member0", "P-384"), identity("member1", "P-256"), identity("member2", "P-384")];
    if (members[0].id < members[1].id && members[1].id < members[2].id) return members;
  }
}

/** The members that `generateMembers` wrote. @throws Error of the file system where one is missing */
export function loadMembers(directory: string): Members {
  const read = (file: string): string => readFileSync(join(directory, file), "utf8");
  const load = (name: string): Identity => identityOf(name, read(`${name}_cert.pem`), read(`${name}_privk.pem`));
  return [load("member0"), load("member1"), load("member2")];
}
