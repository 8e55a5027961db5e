/** A curve y^2 = x^3 - 3x + b over the field of a prime (FIPS 186-4, D.1.2), and how keys name it. */
type Curve = {
  /** What precedes the point in a SubjectPublicKeyInfo: with a named curve and an uncompressed point there is one way to write it. */
  readonly prefix: string;
  /** Length of a coordinate, in hexadecimal digits. */
  readonly digits: number;
  readonly prime: bigint;
  readonly b: bigint;
};

/** P-256, P-384, P-521. */
export const CURVES: readonly Curve[] = [
  {
    prefix: "3059301306072a8648ce3d020106082a8648ce3d030107034200",
    digits: 64,
    prime: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  {
    prefix: "3076301006072a8648ce3d020106052b81040022036200",
    digits: 96,
    prime: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
  {
    prefix: "30819b301006072a8648ce3d020106052b8104002303818600",
    digits: 132,
    prime: 2n ** 521n - 1n,
    b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  },
];

/** Whether an uncompressed point, in hexadecimal, is one of the curve. The order of these curves is a prime: any point of them is a key. */
export function isOnCurve({ digits, prime, b }: Curve, point: string): boolean {
  if (point.length !== 2 + 2 * digits || !point.startsWith("04")) return false;
  const x = BigInt(`0x${point.slice(2, 2 + digits)}`);
  const y = BigInt(`0x${point.slice(2 + digits)}`);
  return x < prime && y < prime && (y * y - (x * x * x - 3n * x + b)) % prime === 0n;
}
