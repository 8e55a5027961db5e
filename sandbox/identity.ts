/** Somebody with a key: a member, a user, or a stranger. */
export type Identity = {
  /** PEM. */
  readonly certificate: string;
  /** PEM. Members sign with keys on P-256, P-384 or P-521. */
  readonly privateKey: string;
};

export type NewIdentity = Identity & {
  /** Hexadecimal SHA-256 of the certificate's DER: how CCF calls the member or user. */
  readonly id: string;
};

export type IdentityOptions = {
  /** Default: the year 2000. */
  readonly notBefore?: Date;
  /** Default: the end of 2049. */
  readonly notAfter?: Date;
};

/** Makes a P-384 key, and a certificate that it signs itself. */
export async function newIdentity(name: string, options: IdentityOptions = {}): Promise<NewIdentity> {
  const { makeIdentity } = await import("./members/makeIdentity.js"); // with the makers of certificates that nobody else needs
  return makeIdentity(name, options);
}
