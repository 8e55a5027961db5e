import { randomBytes } from "node:crypto";

/*
 * Shamir's secret sharing over GF(2^8) with the AES polynomial x^8 + x^4 + x^3 + x + 1, byte by byte.
 * A share is one byte for its place on the polynomial (1 to 255), then one byte for each byte of the secret.
 */

const EXP = new Uint8Array(510);
const LOG = new Uint8Array(256);
for (let power = 0, x = 1; power < 255; power++) {
  EXP[power] = EXP[power + 255] = x;
  LOG[x] = power;
  x ^= (x << 1) ^ (x & 0x80 ? 0x11b : 0); // times 3, a generator
}

const at = (table: Uint8Array, index: number): number => table[index] ?? 0;
const times = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : at(EXP, at(LOG, a) + at(LOG, b)));
const over = (a: number, b: number): number => (a === 0 ? 0 : at(EXP, at(LOG, a) + 255 - at(LOG, b)));

/**
 * Splits a secret so that any `threshold` of the shares give it back and fewer say nothing about it.
 *
 * @throws RangeError unless 1 <= threshold <= count <= 255
 */
export function split(secret: Uint8Array, count: number, threshold: number): readonly Uint8Array[] {
  if (threshold < 1 || threshold > count || count > 255)
    throw new RangeError(`cannot split a secret into ${count} shares of which ${threshold} suffice`);
  const coefficients = [secret, ...Array.from({ length: threshold - 1 }, () => randomBytes(secret.length))];
  return Array.from({ length: count }, (_, i) => {
    const x = i + 1;
    // Horner's rule, highest coefficient first
    const y = secret.map((_, byte) => coefficients.reduceRight((sum, coefficient) => times(sum, x) ^ at(coefficient, byte), 0));
    return Uint8Array.of(x, ...y);
  });
}

/** The secret of at least as many distinct shares as the threshold was; of fewer, noise. */
export function combine(shares: readonly Uint8Array[]): Uint8Array {
  const places = shares.map((share) => at(share, 0));
  // Lagrange's polynomials at zero
  const weights = places.map((x) => places.reduce((product, other) => (other === x ? product : times(product, over(other, other ^ x))), 1));
  const length = (shares[0]?.length ?? 1) - 1;
  const byteAt = (i: number): number => shares.reduce((sum, share, s) => sum ^ times(at(share, i + 1), weights[s] ?? 0), 0);
  return Uint8Array.from({ length }, (_, i) => byteAt(i));
}
