import { createHash, X509Certificate, type KeyObject } from "node:crypto";
import { isChainValid } from "../js/globals/crypto/chain.js";

/**
 * Resolves a did:x509 (https://github.com/microsoft/did-x509) to the key of the leaf of a chain: the chain holds, one of its CAs has the
 * identifier's fingerprint, and the leaf meets its policies, of which `eku` is the one known here. Times are not looked at:
 * what an image's signer said once stays said.
 *
 * @param chain DER certificates, leaf first, root last
 * @throws RangeError when the chain does not prove the identifier; Error for a certificate that does not parse
 */
export function resolveDidX509(did: string, chain: readonly Uint8Array[]): KeyObject {
  const certificates = chain.map((der) => new X509Certificate(der));
  const [leaf, ...authorities] = certificates;
  const root = authorities.at(-1);
  if (!leaf || !root) throw new RangeError("certificate chain too short");
  if (!isChainValid({ target: leaf, intermediates: authorities.slice(0, -1), trusted: [root], at: undefined })) {
    throw new RangeError("certificate chain verification failed");
  }
  const { fingerprint, policies } = parse(did);
  if (!authorities.some((ca) => fingerprintOf(ca) === fingerprint)) throw new RangeError("invalid certificate fingerprint");
  for (const policy of policies) requireExtendedKeyUsage(leaf, policy);
  return leaf.publicKey;
}

/** `did:x509:0:sha256:<fingerprint>` of a CA, without a policy. */
export function didX509Of(ca: X509Certificate): string {
  return `did:x509:0:sha256:${fingerprintOf(ca)}`;
}

function parse(did: string): { fingerprint: string; policies: string[] } {
  const [prefix = "", ...policies] = did.split("::");
  const [scheme, method, version, algorithm, fingerprint] = prefix.split(":");
  if (policies.length === 0) throw new RangeError("invalid DID string");
  if (scheme !== "did" || method !== "x509" || fingerprint === undefined) throw new RangeError("unsupported method/prefix");
  if (version !== "0") throw new RangeError("unsupported did:x509 version");
  if (algorithm !== "sha256") throw new RangeError("unsupported fingerprint algorithm");
  return { fingerprint, policies };
}

function requireExtendedKeyUsage(leaf: X509Certificate, policy: string): void {
  const [name, oid, ...more] = policy.split(":");
  if (name !== "eku") throw new RangeError(`unsupported did:x509 scheme '${name ?? ""}'`);
  if (oid === undefined || more.length > 0) throw new RangeError("exactly one EKU required");
  // Node calls extended key usages `keyUsage`; undefined, against its type, where a certificate names none.
  const usages = leaf.keyUsage as string[] | undefined;
  if (!usages?.includes(oid)) throw new RangeError(`EKU not found: ${oid}`);
}

function fingerprintOf(certificate: X509Certificate): string {
  return createHash("sha256").update(certificate.raw).digest("base64url");
}
