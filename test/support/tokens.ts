import { generateKeyPairSync, sign } from "node:crypto";
import type { Action } from "../../client/governance/proposal.js";

const encoded = (part: unknown): string => Buffer.from(JSON.stringify(part)).toString("base64url");

/** An identity provider: governance lets the service believe its tokens. */
export class TokenIssuer {
  readonly #keys = generateKeyPairSync("rsa", { modulusLength: 2048 });

  constructor(readonly issuer: string) {}

  /** What members propose to have its tokens believed. */
  get setJwtIssuer(): Action {
    const { n, e, kty } = this.#keys.publicKey.export({ format: "jwk" });
    return { name: "set_jwt_issuer", args: { issuer: this.issuer, jwks: { keys: [{ kid: "key", kty, n, e, issuer: this.issuer }] } } };
  }

  /** The header of a request with a token. @param exp seconds since 1970 */
  bearer(claims: { readonly exp: number; readonly iss?: string }): { readonly authorization: string } {
    const signed = `${encoded({ alg: "RS256", kid: "key" })}.${encoded({ iss: this.issuer, sub: "somebody", aud: "anybody", ...claims })}`;
    return { authorization: `Bearer ${signed}.${sign("sha256", Buffer.from(signed), this.#keys.privateKey).toString("base64url")}` };
  }
}
