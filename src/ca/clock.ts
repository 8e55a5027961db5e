import { ccf } from "@microsoft/ccf-app/global.js";

/**
 * The time of the node: milliseconds since 1970. CCF has no other.
 *
 * The host of the node sets that clock: it can shift the validity of a certificate, not lengthen it.
 */
export function untrustedTime(): number {
  const before = ccf.enableUntrustedDateTime(true);
  const time = Date.now(); // eslint-disable-line no-restricted-globals -- what the validity of certificates means by a time is no better
  ccf.enableUntrustedDateTime(before);
  return time;
}
