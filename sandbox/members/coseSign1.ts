import { createPrivateKey, sign, X509Certificate } from "node:crypto";
import { encode, Tag } from "cbor2";
import { certificateId } from "../enclave/auth/certificates.js";
import { SandboxError } from "../error.js";
import type { Identity } from "../identity.js";

/** COSE algorithm numbers (RFC 9053 section 2.1) by OpenSSL's names of the curves. */
const ALGORITHMS: Readonly<Record<string, readonly [id: number, hash: string]>> = {
  prime256v1: [-7, "sha256"],
  secp384r1: [-35, "sha384"],
  secp521r1: [-36, "sha512"],
};

/** Labels of RFC 9052 section 3.1, and its tag (section 2). */
const ALG = 1;
const KID = 4;
const COSE_SIGN1 = 18;

/** Values of protected header parameters, by their labels. */
export type CoseParameters = Readonly<Record<string, string | number | undefined>>;

/**
 * A COSE_Sign1 message (RFC 9052) with the payload in it, as CCF takes it from members and users: `kid` is the signer's id.
 *
 * @throws SandboxError for a key that cannot sign such a message
 */
export function coseSign1(by: Identity, payload: Uint8Array | string, parameters: CoseParameters): Uint8Array {
  const key = createPrivateKey(by.privateKey);
  const curve = key.asymmetricKeyDetails?.namedCurve ?? key.asymmetricKeyType ?? "unknown";
  const algorithm = ALGORITHMS[curve];
  if (!algorithm) throw new SandboxError(`a key of type ${curve} cannot sign for CCF: use one on P-256, P-384 or P-521`);
  const [id, hash] = algorithm;

  const header = new Map<string | number, string | number | Uint8Array>([
    [ALG, id],
    [KID, bytes(certificateId(new X509Certificate(by.certificate).raw))],
  ]);
  for (const [label, value] of Object.entries(parameters)) if (value !== undefined) header.set(label, value);
  const protectedHeader = encode(header);
  const content = bytes(payload);
  const signature = sign(hash, encode(["Signature1", protectedHeader, new Uint8Array(), content]), { key, dsaEncoding: "ieee-p1363" });
  return encode(new Tag(COSE_SIGN1, [protectedHeader, new Map(), content, bytes(signature)]));
}

/** A bare Uint8Array, which alone becomes a byte string: a Buffer is another class to the encoder. */
const bytes = (content: Uint8Array | string): Uint8Array => new Uint8Array(typeof content === "string" ? Buffer.from(content) : content);
