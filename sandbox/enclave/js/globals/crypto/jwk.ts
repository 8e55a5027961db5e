import { createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject } from "node:crypto";
import type { GuestArgument, HostFunction } from "../../values.js";
import { expectCount, propertyOf, textOf } from "./arguments.js";
import { openSslError, orInternalError } from "./failure.js";
import { privateKeyFromPem, publicKeyFromPem } from "./pem.js";

/** A family of keys as CCF splits its functions: what its JWKs hold, and which keys it takes. */
type Family = {
  readonly kty: string;
  readonly curves?: readonly string[];
  readonly publicMembers: readonly string[];
  readonly privateMembers: readonly string[];
  /** @throws Error for a key of another family or curve */
  readonly require: (key: KeyObject) => void;
};

const EC: Family = {
  kty: "EC",
  curves: ["P-256", "P-384"],
  publicMembers: ["crv", "x", "y"],
  privateMembers: ["d"],
  require: (key) => {
    const curve = key.asymmetricKeyDetails?.namedCurve;
    if (curve === undefined) throw openSslError("1E08010C", "DECODER routines::unsupported");
    requireEcdsaCurve(key);
  },
};

const RSA: Family = {
  kty: "RSA",
  publicMembers: ["n", "e"],
  privateMembers: ["d", "p", "q", "dp", "dq", "qi"],
  require: (key) => {
    if (key.asymmetricKeyType !== "rsa") throw new Error("invalid RSA key");
  },
};

/** OpenSSL's numbers of key types, which CCF puts into its message. */
const OPENSSL_TYPES: Readonly<Record<string, number>> = { rsa: 6, ec: 408, "rsa-pss": 912, x448: 1035, ed448: 1088 };

const EDDSA: Family = {
  kty: "OKP",
  curves: ["Ed25519", "X25519"],
  publicMembers: ["crv", "x"],
  privateMembers: ["d"],
  require: (key) => {
    const type = key.asymmetricKeyType ?? "";
    if (type !== "ed25519" && type !== "x25519") throw new Error(`Unknown OpenSSL curve ${OPENSSL_TYPES[type] ?? type}`);
  },
};

/** @throws Error unless the key is on one of the two curves that CCF uses, with its words for any other */
export function requireEcdsaCurve(key: KeyObject): void {
  const curve = key.asymmetricKeyDetails?.namedCurve ?? "";
  if (curve !== "prime256v1" && curve !== "secp384r1") throw new Error(`Unknown OpenSSL group ${curve}`);
}

export const pubPemToJwk = toJwk(EC, publicKeyFromPem);
export const pemToJwk = toJwk(EC, privateKeyFromPem);
export const pubRsaPemToJwk = toJwk(RSA, publicKeyFromPem);
export const rsaPemToJwk = toJwk(RSA, privateKeyFromPem);
export const pubEddsaPemToJwk = toJwk(EDDSA, publicKeyFromPem);
export const eddsaPemToJwk = toJwk(EDDSA, privateKeyFromPem);

export const pubJwkToPem = toPem(EC, "public");
export const jwkToPem = toPem(EC, "private");
export const pubRsaJwkToPem = toPem(RSA, "public");
export const rsaJwkToPem = toPem(RSA, "private");
export const pubEddsaJwkToPem = toPem(EDDSA, "public");
export const eddsaJwkToPem = toPem(EDDSA, "private");

/** `xPemToJwk(pem[, kid])`. Members are in alphabetical order, as CCF's JSON library writes them. */
function toJwk(family: Family, read: (pem: string) => KeyObject): HostFunction {
  return (args) => {
    expectCount(args, 1, 2);
    const pem = textOf(args[0]);
    const kid = args.length === 2 ? { kid: textOf(args[1]) } : {};
    return orInternalError("Failed to convert pem to jwk", () => {
      const key = read(pem);
      family.require(key);
      const members: [string, string][] = [];
      for (const [name, value] of Object.entries({ ...key.export({ format: "jwk" }), ...kid })) {
        if (typeof value === "string") members.push([name, value]);
      }
      return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
    });
  };
}

/** `xJwkToPem(jwk)`. CCF 6.0 answers the empty string, not an exception, for what is not such a key. */
function toPem(family: Family, half: "public" | "private"): HostFunction {
  return (args) => {
    expectCount(args, 1);
    const jwk = readJwk(family, half, args[0]);
    if (jwk === undefined) return "";
    try {
      if (half === "public") return createPublicKey({ key: jwk, format: "jwk" }).export({ type: "spki", format: "pem" }).toString();
      return createPrivateKey({ key: jwk, format: "jwk" }).export({ type: "pkcs8", format: "pem" }).toString();
    } catch {
      return ""; // well-formed members that are no key (a point off the curve, say): see above
    }
  };
}

/** The members of a JWK that matter, or undefined when one is missing or does not fit. */
function readJwk(family: Family, half: "public" | "private", value: GuestArgument): JsonWebKey | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  if (propertyOf(value, "kty") !== family.kty) return undefined;
  const jwk: JsonWebKey = { kty: family.kty };
  for (const name of half === "public" ? family.publicMembers : [...family.publicMembers, ...family.privateMembers]) {
    const member = propertyOf(value, name);
    if (typeof member !== "string") return undefined;
    jwk[name] = member;
  }
  if (family.curves && !family.curves.includes(jwk.crv ?? "")) return undefined;
  return jwk;
}
