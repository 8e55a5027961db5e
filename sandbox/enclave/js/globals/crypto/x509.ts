import { X509Certificate } from "node:crypto";
import type { HostFunction } from "../../values.js";
import { expectCount, textOf } from "./arguments.js";
import { isChainValid } from "./chain.js";
import { certificateBlocks } from "./pem.js";

/**
 * `isValidX509CertBundle(pem)`: whether a text holds certificates that parse, be they expired. An empty text is a bundle of none; nothing
 * may stand before the first certificate, and lines end without a carriage return (recorded on CCF 6.0.7).
 */
export const isValidX509CertBundle: HostFunction = (args) => {
  expectCount(args, 1);
  const text = textOf(args[0]);
  if (text === "") return true;
  return text.startsWith("-----BEGIN ") && !text.includes("\r") && (certificatesIn(text)?.length ?? 0) > 0;
};

/** `isValidX509CertChain(chain, trusted)`: whether the first certificate of `chain` is trusted by way of the others, now. */
export const isValidX509CertChain: HostFunction = (args) => {
  expectCount(args, 2);
  const [target, ...intermediates] = certificatesIn(textOf(args[0])) ?? [];
  const trusted = certificatesIn(textOf(args[1])) ?? [];
  return target !== undefined && isChainValid({ target, intermediates, trusted, at: new Date() });
};

/** All certificates of a text, or undefined when one does not parse. */
function certificatesIn(text: string): X509Certificate[] | undefined {
  try {
    return certificateBlocks(text).map((pem) => new X509Certificate(pem));
  } catch {
    return undefined; // both functions answer "not valid", as CCF does
  }
}
