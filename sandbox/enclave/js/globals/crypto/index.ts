import type { HostFunction } from "../../values.js";
import { digest } from "./digest.js";
import {
  eddsaJwkToPem,
  eddsaPemToJwk,
  jwkToPem,
  pemToJwk,
  pubEddsaJwkToPem,
  pubEddsaPemToJwk,
  pubJwkToPem,
  pubPemToJwk,
  pubRsaJwkToPem,
  pubRsaPemToJwk,
  rsaJwkToPem,
  rsaPemToJwk,
} from "./jwk.js";
import { generateAesKey, generateEcdsaKeyPair, generateEddsaKeyPair, generateRsaKeyPair } from "./keys.js";
import { sign } from "./sign.js";
import { verifySignature } from "./verify.js";
import { unwrapKey, wrapKey } from "./wrap.js";
import { isValidX509CertBundle, isValidX509CertChain } from "./x509.js";

/** `ccf.crypto`, all of it as of CCF 6.0.7, in CCF's order of installation. */
export const cryptoFunctions = {
  sign,
  verifySignature,
  pubPemToJwk,
  pemToJwk,
  pubRsaPemToJwk,
  rsaPemToJwk,
  pubEddsaPemToJwk,
  eddsaPemToJwk,
  pubJwkToPem,
  jwkToPem,
  pubRsaJwkToPem,
  rsaJwkToPem,
  pubEddsaJwkToPem,
  eddsaJwkToPem,
  generateAesKey,
  generateRsaKeyPair,
  generateEcdsaKeyPair,
  generateEddsaKeyPair,
  wrapKey,
  unwrapKey,
  digest,
  isValidX509CertBundle,
  isValidX509CertChain,
} satisfies Record<string, HostFunction>;
