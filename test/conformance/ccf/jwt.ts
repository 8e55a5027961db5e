import { createPublicKey, sign, X509Certificate, type KeyObject } from "node:crypto";
import { now } from "./clock.js";
import { selfSigned } from "./x509.js";

type Fields = Readonly<Record<string, unknown>>;

export type Token = {
  /** Fields besides alg and typ, or in place of them; undefined leaves one out. */
  readonly header?: Fields;
  /** Fields besides iss, sub and exp, or in place of them; undefined leaves one out. */
  readonly payload?: Fields;
  /** What the header claims; the algorithm of the key unless given. */
  readonly alg?: string;
  /** Changes a bit of the signature. */
  readonly badSig?: boolean;
};

/** A signed token (RFC 7519) in compact form. */
export function jwt(key: KeyObject, { header, payload, alg, badSig }: Token = {}): string {
  const rsa = key.asymmetricKeyType === "rsa";
  const input = [
    { alg: alg ?? (rsa ? "RS256" : "ES256"), typ: "JWT", ...header },
    { iss: "https://issuer.example", sub: "sub0", exp: now() + 3600, ...payload },
  ]
    .map((part) => base64url(JSON.stringify(part)))
    .join(".");
  const signature = sign("sha256", Buffer.from(input), rsa ? key : { key, dsaEncoding: "ieee-p1363" });
  if (badSig) signature.writeUInt8(signature.readUInt8(7) ^ 1, 7);
  return `${input}.${base64url(signature)}`;
}

export const base64url = (bytes: string | Uint8Array): string => Buffer.from(bytes).toString("base64url");

/** The public half as governance registers it; with `x5c`, as a certificate in place of the key's numbers. */
export function jwkOf(key: KeyObject, kid: string, { x5c = false, issuer }: { x5c?: boolean; issuer?: string } = {}): Fields {
  const { kty, ...numbers } = createPublicKey(key).export({ format: "jwk" });
  const certificate = (): string => new X509Certificate(selfSigned("jwt", key)).raw.toString("base64");
  return { kty, ...(x5c ? {} : numbers), kid, ...(x5c && { x5c: [certificate()] }), ...(issuer !== undefined && { issuer }) };
}
