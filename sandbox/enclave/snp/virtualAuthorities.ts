import { generateKeyPairSync, randomBytes, X509Certificate, type KeyObject } from "node:crypto";
import { VCEK_OIDS } from "./endorsements.js";
import { authority, extension, issueCertificate, signerFor } from "./issue.js";
import { SIZES } from "./report.js";
import type { Tcb } from "./tcb.js";

/** Days that certificates of a virtual TEE are valid. */
const LIFETIME = 20 * 365;

/** The purpose of those who sign utility VMs of confidential containers. */
export const CONTAINER_EKU = "1.3.6.1.4.1.311.76.59.1.2";

export const VIRTUAL_TCB: Tcb = { boot_loader: 4, tee: 0, snp: 24, microcode: 219 };

/** ARK and ASK with RSA, a VCEK with P-384, as AMD has them; smaller RSA keys, because 4096 bits take seconds to make. */
export function createPlatform(): { endorsements: string; key: KeyObject } {
  const ark = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const ask = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const vcek = generateKeyPairSync("ec", { namedCurve: "secp384r1" });
  const root = { name: "ARK-Virtual", privateKey: ark.privateKey };
  const signer = { name: "SEV-Virtual", privateKey: ask.privateKey };
  const chain = [
    issueCertificate({ subject: "SEV-VCEK", publicKey: vcek.publicKey, issuer: signer, extensions: vcekExtensions(), days: LIFETIME }),
    issueCertificate({ subject: signer.name, publicKey: ask.publicKey, issuer: root, extensions: authority(), days: LIFETIME }),
    issueCertificate({ subject: root.name, publicKey: ark.publicKey, issuer: root, extensions: authority(), days: LIFETIME }),
  ];
  return { endorsements: chain.map((der) => new X509Certificate(der).toString()).join(""), key: vcek.privateKey };
}

/** A root and the leaf that it lets sign utility VMs, leaf first. */
export function createUvmSigner(): { chain: Buffer[]; key: KeyObject } {
  const root = generateKeyPairSync("ec", { namedCurve: "secp384r1" });
  const leaf = generateKeyPairSync("ec", { namedCurve: "secp384r1" });
  const issuer = { name: "Virtual UVM Root CA", privateKey: root.privateKey };
  const extensions = signerFor(CONTAINER_EKU);
  const chain = [
    issueCertificate({ subject: "Virtual UVM", publicKey: leaf.publicKey, issuer, extensions, days: LIFETIME }),
    issueCertificate({ subject: issuer.name, publicKey: root.publicKey, issuer, extensions: authority(), days: LIFETIME }),
  ];
  return { chain, key: leaf.privateKey };
}

/** What AMD's key service writes into the certificate of a Milan processor (AMD 57230, table 10). */
function vcekExtensions() {
  return [
    extension(VCEK_OIDS.structVersion, false, derInteger(1)),
    extension(VCEK_OIDS.productName, false, Buffer.from("\x16\x08Milan-B0", "latin1")), // IA5String
    ...Object.entries(VCEK_OIDS.tcb).map(([part, oid]) => extension(oid, false, derInteger(VIRTUAL_TCB[part as keyof Tcb]))),
    extension(VCEK_OIDS.chipId, false, randomBytes(SIZES.chipId)),
  ];
}

/** @param value from 0 to 255 */
function derInteger(value: number): Uint8Array {
  return Uint8Array.from(value < 0x80 ? [2, 1, value] : [2, 2, 0, value]);
}
