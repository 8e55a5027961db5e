import { createHash, X509Certificate, type KeyObject } from "node:crypto";
import { extensionsOf, isChainValid, isIssuedBy } from "../js/globals/crypto/chain.js";
import { certificateBlocks } from "../js/globals/crypto/pem.js";
import { remembered } from "../js/globals/crypto/remembered.js";
import type { Tcb } from "./tcb.js";

/** Extensions of a VCEK certificate (AMD 57230, table 10: family 19h, which is Milan and Genoa). */
export const VCEK_OIDS = {
  structVersion: "1.3.6.1.4.1.3704.1.1",
  productName: "1.3.6.1.4.1.3704.1.2",
  tcb: {
    boot_loader: "1.3.6.1.4.1.3704.1.3.1",
    tee: "1.3.6.1.4.1.3704.1.3.2",
    snp: "1.3.6.1.4.1.3704.1.3.3",
    microcode: "1.3.6.1.4.1.3704.1.3.8",
  },
  chipId: "1.3.6.1.4.1.3704.1.4",
} as const;

/** What three certificates (VCEK, ASK, ARK) prove by themselves, before anyone is trusted. */
export type PlatformEndorsements = {
  /** SHA-256 of the root's SubjectPublicKeyInfo, in hexadecimal, and the same key as PEM. */
  readonly rootKeyId: string;
  readonly rootKeyPem: string;
  readonly rootIsSelfSigned: boolean;
  /** Whether VCEK, ASK and ARK are one chain, valid at the given time. */
  readonly holdsAt: (at: Date) => boolean;
  readonly vcek: KeyObject;
  /** What the VCEK certificate endorses; undefined where it does not say. */
  readonly tcb: Tcb | undefined;
  readonly chipId: Uint8Array | undefined;
};

/**
 * Reads the endorsements of a platform: PEM certificates of VCEK, ASK and ARK, in this order.
 * Hosts send the same ones with every report, so what was read and verified is remembered by its text.
 *
 * @throws RangeError for another number of certificates; Error for one that does not parse
 */
export const readEndorsements = remembered(64, (pem: string): PlatformEndorsements => {
  const certificates = certificateBlocks(pem).map((block) => new X509Certificate(block));
  const [vcek, ask, ark] = certificates;
  if (!vcek || !ask || !ark || certificates.length > 3) {
    throw new RangeError(`Expected 3 endorsement certificates but got ${certificates.length}`);
  }
  const chain = [vcek, ask, ark];
  const isChain = isChainValid({ target: vcek, intermediates: [ask], trusted: [ark], at: undefined }) && isIssuedBy(vcek, ask);
  const from = Math.max(...chain.map(({ validFrom }) => Date.parse(validFrom)));
  const to = Math.min(...chain.map(({ validTo }) => Date.parse(validTo)));
  return {
    rootKeyId: createHash("sha256")
      .update(ark.publicKey.export({ type: "spki", format: "der" }))
      .digest("hex"),
    rootKeyPem: ark.publicKey.export({ type: "spki", format: "pem" }).toString(),
    rootIsSelfSigned: isIssuedBy(ark, ark),
    holdsAt: (at) => isChain && at.getTime() >= from && at.getTime() <= to,
    vcek: vcek.publicKey,
    ...endorsedBy(vcek),
  };
});

function endorsedBy(vcek: X509Certificate): Pick<PlatformEndorsements, "tcb" | "chipId"> {
  const values = new Map(extensionsOf(vcek).map(({ extnID, extnValue }) => [extnID, new Uint8Array(extnValue.buffer)]));
  const level = (part: keyof Tcb): number | undefined => smallInteger(values.get(VCEK_OIDS.tcb[part]));
  const [boot_loader, tee, snp, microcode] = [level("boot_loader"), level("tee"), level("snp"), level("microcode")];
  const isComplete = boot_loader !== undefined && tee !== undefined && snp !== undefined && microcode !== undefined;
  return { tcb: isComplete ? { boot_loader, tee, snp, microcode } : undefined, chipId: values.get(VCEK_OIDS.chipId) };
}

/** A DER INTEGER from 0 to 255 (which takes a leading zero from 128 on), or undefined for anything else. */
function smallInteger(der: Uint8Array | undefined): number | undefined {
  if (der?.[0] !== 0x02) return undefined;
  const [, length, first = 0, second = 0] = der;
  if (length === 1 && der.length === 3 && first < 0x80) return first;
  return length === 2 && der.length === 4 && first === 0 && second >= 0x80 ? second : undefined;
}
