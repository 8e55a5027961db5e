import { ccf } from "@microsoft/ccf-app/global.js";
import { decodeBase64 } from "../encoding/base64.js";
import { remembered } from "../encoding/remembered.js";

/** Hosts send the same certificates with every report. */
const MANY = 16;

const BEGIN = "-----BEGIN CERTIFICATE-----";
const END = "-----END CERTIFICATE-----";

/** The certificates of a text that holds nothing else. */
function certificatesOf(pem: string): string[] | undefined {
  const blocks = pem.split(END).map((block) => block.trim());
  if (blocks.pop() !== "" || blocks.some((block) => block.lastIndexOf("-----BEGIN") !== 0 || !block.startsWith(BEGIN))) return undefined;
  return blocks.map((block) => `${block}\n${END}\n`);
}

/**
 * Whether a PEM text holds VCEK, ASK and ARK, in this order, and each signed the one before it. Who the ARK is, is not asked here.
 *
 * CCF's own verification asks too, but CCF 6.0.7 accepts an ASK whose signature does not verify.
 */
export function isPlatformChain(pem: string): boolean {
  const [vcek, ask, ark, ...others] = certificatesOf(pem) ?? [];
  if (vcek === undefined || ask === undefined || ark === undefined || others.length > 0) return false;
  return ccf.crypto.isValidX509CertChain(vcek, ask) && ccf.crypto.isValidX509CertChain(ask, ark);
}

/**
 * The certificates of a platform, decoded and verified: the PEM text as bytes. Kept by their text; CCF verifies them again with each report,
 * so those that have expired meanwhile are not believed.
 *
 * @param base64 of the PEM
 * @returns undefined where it is no base64 or no such chain
 */
export const platformChain = remembered(MANY, (base64) => {
  const bytes = decodeBase64(base64);
  return bytes && isPlatformChain(ccf.bufToStr(bytes)) ? bytes : undefined;
});
