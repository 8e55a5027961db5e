import { constants, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Play } from "../play.js";
import { scenario, type Suite } from "../suite.js";

/* ccf.crypto, the converters, the JavaScript environment. */

type Pair = { readonly priv: string; readonly pub: string };
type Keys = Readonly<Record<"rsa" | "rsa2" | "p256" | "p384" | "p521" | "ed" | "x25519", Pair>>;

/** Fixed keys of no other use: what the recordings say of them is exact. */
const K = JSON.parse(readFileSync(resolve(import.meta.dirname, "../data/keys.json"), "utf8")) as Keys;
const EXACT = { keepHex: true, keepPem: true, keepTime: true };
const msg = Buffer.from("conformance message");
const by = (hash: string | null, key: Parameters<typeof sign>[2]): string => sign(hash, msg, key).toString("hex");
const PSS = constants.RSA_PKCS1_PSS_PADDING;

/** Signatures that are made here and verified by the service. */
const SIGNATURES = {
  pss256: by("sha256", { key: K.rsa.priv, padding: PSS, saltLength: 32 }),
  pss0: by("sha256", { key: K.rsa.priv, padding: PSS, saltLength: 0 }),
  pkcs1: by("sha256", K.rsa.priv),
  ec256: by("sha256", { key: K.p256.priv, dsaEncoding: "ieee-p1363" }),
  ec256der: by("sha256", { key: K.p256.priv, dsaEncoding: "der" }),
  ec384: by("sha256", { key: K.p384.priv, dsaEncoding: "ieee-p1363" }),
  ec384s384: by("sha384", { key: K.p384.priv, dsaEncoding: "ieee-p1363" }),
  ed: by(null, K.ed.priv),
};
const PRE = `const C = ccf.crypto; const K = ${JSON.stringify(K)}; const SIG = ${JSON.stringify(SIGNATURES)}; const MSG = ccf.strToBuf("conformance message");\nconst flip = (b, i = 3) => { const u = new Uint8Array(b.slice(0)); u[i] ^= 1; return u.buffer; };\n`;

/** Calls one operation for each entry: an expression, or statements that return, whose value or exception is the answer. */
async function group(t: Play, entries: Readonly<Record<string, string>>): Promise<void> {
  const named = Object.entries(entries).map(([label, code], i) => ({
    name: `f${i}`,
    label,
    code: /\breturn\b/.test(code) ? code : `return ${code}`,
  }));
  await t.install(Object.fromEntries(named.map(({ name, code }) => [name, `return { body: attempt(() => { ${code} }) };`])), PRE);
  for (const { name, label } of named) await t.call(name, { label, ...EXACT });
}

export const appCryptoApi: Suite = {
  name: "app-crypto-api",
  title: "crypto API, converters, JavaScript environment",

  scenarios: [
    scenario("digest", (t) =>
      group(t, {
        "SHA-256": "hex(C.digest('SHA-256', MSG))",
        empty: "hex(C.digest('SHA-256', new ArrayBuffer(0)))",
        "SHA-512": "C.digest('SHA-512', MSG)",
        "lower case": "C.digest('sha-256', MSG)",
        "string data": "C.digest('SHA-256', 'abc')",
        "uint8array data": "C.digest('SHA-256', new Uint8Array([1]))",
        "one argument": "C.digest('SHA-256')",
        "three arguments": "C.digest('SHA-256', MSG, 1)",
        "1 MB": "hex(C.digest('SHA-256', new ArrayBuffer(1000000)))",
      }),
    ),
    scenario("generate-keys", (t) =>
      group(t, {
        "aes 128": "C.generateAesKey(128).byteLength",
        "aes 192": "C.generateAesKey(192).byteLength",
        "aes 256 random": "hex(C.generateAesKey(256)) !== hex(C.generateAesKey(256))",
        "aes 100": "C.generateAesKey(100)",
        "aes text": "C.generateAesKey('256').byteLength",
        "aes none": "C.generateAesKey()",
        "rsa 2048":
          "const k = C.generateRsaKeyPair(2048); return [Object.keys(k).sort(), k.privateKey.split('\\n')[0], k.publicKey.split('\\n')[0], k.privateKey.endsWith('-----\\n')];",
        "rsa with exponent": "C.pubRsaPemToJwk(C.generateRsaKeyPair(2048, 3).publicKey).e",
        "rsa none": "C.generateRsaKeyPair()",
        "ec 256":
          "const k = C.generateEcdsaKeyPair('secp256r1'); return [Object.keys(k).sort(), k.privateKey.split('\\n')[0], k.publicKey.split('\\n')[0], C.pubPemToJwk(k.publicKey).crv];",
        "ec 384": "C.pubPemToJwk(C.generateEcdsaKeyPair('secp384r1').publicKey).crv",
        "ec unknown": "C.generateEcdsaKeyPair('secp256k1')",
        "ec P-256 name": "C.generateEcdsaKeyPair('P-256')",
        "ec none": "C.generateEcdsaKeyPair()",
        ed25519:
          "const k = C.generateEddsaKeyPair('curve25519'); return [Object.keys(k).sort(), k.privateKey.split('\\n')[0], k.publicKey.split('\\n')[0], C.pubEddsaPemToJwk(k.publicKey).crv];",
        x25519: "const k = C.generateEddsaKeyPair('x25519'); return [k.privateKey.split('\\n')[0], C.pubEddsaPemToJwk(k.publicKey).crv];",
        "ed unknown": "C.generateEddsaKeyPair('ed448')",
      }),
    ),
    scenario("sign-and-verify-round-trips", (t) =>
      group(t, {
        "RSA-PSS":
          "const a = { name: 'RSA-PSS', hash: 'SHA-256', saltLength: 32 }; const s = C.sign(a, K.rsa.priv, MSG); return [s.byteLength, C.verifySignature(a, K.rsa.pub, s, MSG), C.verifySignature(a, K.rsa.pub, flip(s), MSG), C.verifySignature(a, K.rsa.pub, s, flip(MSG)), C.verifySignature(a, K.rsa2.pub, s, MSG)];",
        "RSA-PSS salt 0 by default":
          "const a = { name: 'RSA-PSS', hash: 'SHA-256' }; const s = C.sign(a, K.rsa.priv, MSG), s2 = C.sign(a, K.rsa.priv, MSG); return [hex(s) === hex(s2), C.verifySignature(a, K.rsa.pub, s, MSG), C.verifySignature({ ...a, saltLength: 32 }, K.rsa.pub, s, MSG)];",
        "ECDSA P-256":
          "const a = { name: 'ECDSA', hash: 'SHA-256' }; const s = C.sign(a, K.p256.priv, MSG); return [s.byteLength, C.verifySignature(a, K.p256.pub, s, MSG), C.verifySignature(a, K.p256.pub, s, flip(MSG)), C.verifySignature(a, K.p384.pub, s, MSG)];",
        "ECDSA P-384 with SHA-256":
          "const a = { name: 'ECDSA', hash: 'SHA-256' }; const s = C.sign(a, K.p384.priv, MSG); return [s.byteLength, C.verifySignature(a, K.p384.pub, s, MSG)];",
        "ECDSA P-521":
          "const a = { name: 'ECDSA', hash: 'SHA-256' }; const s = C.sign(a, K.p521.priv, MSG); return [s.byteLength, C.verifySignature(a, K.p521.pub, s, MSG)];",
        EdDSA:
          "const a = { name: 'EdDSA' }; const s = C.sign(a, K.ed.priv, MSG); return [hex(s), C.verifySignature(a, K.ed.pub, s, MSG), C.verifySignature(a, K.ed.pub, flip(s, 40), MSG)];",
        HMAC: "hex(C.sign({ name: 'HMAC', hash: 'SHA-256' }, 'secret key', MSG))",
        "HMAC 384": "hex(C.sign({ name: 'HMAC', hash: 'SHA-384' }, 'secret key', MSG))",
        "HMAC 512": "hex(C.sign({ name: 'HMAC', hash: 'SHA-512' }, 'secret key', MSG))",
        "HMAC verify": "C.verifySignature({ name: 'HMAC', hash: 'SHA-256' }, 'secret key', MSG, MSG)",
      }),
    ),
    scenario("verify-foreign-signatures", (t) =>
      group(t, {
        "pss salt 32": "C.verifySignature({ name: 'RSA-PSS', hash: 'SHA-256', saltLength: 32 }, K.rsa.pub, unhex(SIG.pss256), MSG)",
        "pss salt 0": "C.verifySignature({ name: 'RSA-PSS', hash: 'SHA-256', saltLength: 0 }, K.rsa.pub, unhex(SIG.pss0), MSG)",
        "pss salt 32 checked with 0": "C.verifySignature({ name: 'RSA-PSS', hash: 'SHA-256' }, K.rsa.pub, unhex(SIG.pss256), MSG)",
        "pkcs1 as RSA-PSS": "C.verifySignature({ name: 'RSA-PSS', hash: 'SHA-256' }, K.rsa.pub, unhex(SIG.pkcs1), MSG)",
        "RSASSA-PKCS1-v1_5 name": "C.verifySignature({ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, K.rsa.pub, unhex(SIG.pkcs1), MSG)",
        ec256: "C.verifySignature({ name: 'ECDSA', hash: 'SHA-256' }, K.p256.pub, unhex(SIG.ec256), MSG)",
        "ec256 DER encoded": "C.verifySignature({ name: 'ECDSA', hash: 'SHA-256' }, K.p256.pub, unhex(SIG.ec256der), MSG)",
        ec384: "C.verifySignature({ name: 'ECDSA', hash: 'SHA-256' }, K.p384.pub, unhex(SIG.ec384), MSG)",
        "ec384 with SHA-384": "C.verifySignature({ name: 'ECDSA', hash: 'SHA-384' }, K.p384.pub, unhex(SIG.ec384s384), MSG)",
        ed: "C.verifySignature({ name: 'EdDSA' }, K.ed.pub, unhex(SIG.ed), MSG)",
      }),
    ),
    scenario("verify-with-a-certificate", (t) =>
      group(t, {
        "ec certificate": "C.verifySignature({ name: 'ECDSA', hash: 'SHA-256' }, K.p256.cert, unhex(SIG.ec256), MSG)",
        "ec certificate, wrong": "C.verifySignature({ name: 'ECDSA', hash: 'SHA-256' }, K.p384.cert, unhex(SIG.ec256), MSG)",
        "rsa certificate pss":
          "C.verifySignature({ name: 'RSA-PSS', hash: 'SHA-256', saltLength: 32 }, K.rsa.cert, unhex(SIG.pss256), MSG)",
        "rsa certificate pss salt 0": "C.verifySignature({ name: 'RSA-PSS', hash: 'SHA-256' }, K.rsa.cert, unhex(SIG.pss0), MSG)",
        "rsa certificate pkcs1": "C.verifySignature({ name: 'RSA-PSS', hash: 'SHA-256' }, K.rsa.cert, unhex(SIG.pkcs1), MSG)",
        "ed certificate": "C.verifySignature({ name: 'EdDSA' }, K.ed.cert, unhex(SIG.ed), MSG)",
      }),
    ),
    scenario("sign-bad-arguments", (t) =>
      group(t, {
        "no arguments": "C.sign()",
        "two arguments": "C.sign({ name: 'ECDSA', hash: 'SHA-256' }, K.p256.priv)",
        "algorithm is text": "C.sign('ECDSA', K.p256.priv, MSG)",
        "algorithm null": "C.sign(null, K.p256.priv, MSG)",
        "unknown name": "C.sign({ name: 'RSA', hash: 'SHA-256' }, K.rsa.priv, MSG)",
        "no hash": "C.sign({ name: 'ECDSA' }, K.p256.priv, MSG)",
        "SHA-1": "C.sign({ name: 'ECDSA', hash: 'SHA-1' }, K.p256.priv, MSG)",
        "public key": "C.sign({ name: 'ECDSA', hash: 'SHA-256' }, K.p256.pub, MSG)",
        "rsa key for ECDSA": "C.sign({ name: 'ECDSA', hash: 'SHA-256' }, K.rsa.priv, MSG)",
        "ec key for RSA-PSS": "C.sign({ name: 'RSA-PSS', hash: 'SHA-256' }, K.p256.priv, MSG)",
        "garbage key": "C.sign({ name: 'ECDSA', hash: 'SHA-256' }, 'garbage', MSG)",
        "ec key for EdDSA": "C.sign({ name: 'EdDSA' }, K.p256.priv, MSG)",
        "data is text": "C.sign({ name: 'ECDSA', hash: 'SHA-256' }, K.p256.priv, 'text')",
        "ecdsa with SHA-384": "C.sign({ name: 'ECDSA', hash: 'SHA-384' }, K.p384.priv, MSG).byteLength",
        "negative salt": "C.sign({ name: 'RSA-PSS', hash: 'SHA-256', saltLength: 10000 }, K.rsa.priv, MSG)",
      }),
    ),
    scenario("verify-bad-arguments", (t) =>
      group(t, {
        "no arguments": "C.verifySignature()",
        "three arguments": "C.verifySignature({ name: 'ECDSA', hash: 'SHA-256' }, K.p256.pub, MSG)",
        "SHA-512": "C.verifySignature({ name: 'ECDSA', hash: 'SHA-512' }, K.p256.pub, unhex(SIG.ec256), MSG)",
        "unknown name": "C.verifySignature({ name: 'X', hash: 'SHA-256' }, K.p256.pub, unhex(SIG.ec256), MSG)",
        "garbage key": "C.verifySignature({ name: 'ECDSA', hash: 'SHA-256' }, 'garbage', unhex(SIG.ec256), MSG)",
        "garbage certificate":
          "C.verifySignature({ name: 'ECDSA', hash: 'SHA-256' }, '-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----', unhex(SIG.ec256), MSG)",
        "short signature": "C.verifySignature({ name: 'ECDSA', hash: 'SHA-256' }, K.p256.pub, unhex('0102'), MSG)",
        "odd signature": "C.verifySignature({ name: 'ECDSA', hash: 'SHA-256' }, K.p256.pub, unhex('010203'), MSG)",
        "empty signature": "C.verifySignature({ name: 'ECDSA', hash: 'SHA-256' }, K.p256.pub, new ArrayBuffer(0), MSG)",
        "private key": "C.verifySignature({ name: 'ECDSA', hash: 'SHA-256' }, K.p256.priv, unhex(SIG.ec256), MSG)",
        "rsa pub for ECDSA": "C.verifySignature({ name: 'ECDSA', hash: 'SHA-256' }, K.rsa.pub, unhex(SIG.ec256), MSG)",
        "signature as text": "C.verifySignature({ name: 'ECDSA', hash: 'SHA-256' }, K.p256.pub, 'x', MSG)",
        "ed wrong key": "C.verifySignature({ name: 'EdDSA' }, K.p256.pub, unhex(SIG.ed), MSG)",
      }),
    ),
    scenario("ec-jwk-conversions", (t) =>
      group(t, {
        "pubPemToJwk 256": "C.pubPemToJwk(K.p256.pub)",
        "pubPemToJwk 384 kid": "C.pubPemToJwk(K.p384.pub, 'my-kid')",
        "pubPemToJwk 521": "C.pubPemToJwk(K.p521.pub)",
        "pemToJwk 256": "C.pemToJwk(K.p256.priv)",
        "pemToJwk 384 kid": "C.pemToJwk(K.p384.priv, 'k')",
        "pemToJwk sec1": "C.pemToJwk(K.p256.sec1)",
        "back public": "C.pubJwkToPem(C.pubPemToJwk(K.p256.pub)) === K.p256.pub",
        "back private": "C.jwkToPem(C.pemToJwk(K.p256.priv)) === K.p256.priv",
        "private pem text": "C.jwkToPem(C.pemToJwk(K.p384.priv))",
        "pubPemToJwk of certificate": "C.pubPemToJwk(K.p256.cert)",
        "pubPemToJwk of rsa": "C.pubPemToJwk(K.rsa.pub)",
        "pemToJwk of public": "C.pemToJwk(K.p256.pub)",
        garbage: "C.pubPemToJwk('x')",
        none: "C.pubPemToJwk()",
        three: "C.pubPemToJwk(K.p256.pub, 'k', 1)",
        "kid is number": "C.pubPemToJwk(K.p256.pub, 5).kid",
      }),
    ),
    scenario("rsa-jwk-conversions", (t) =>
      group(t, {
        pubRsaPemToJwk: "C.pubRsaPemToJwk(K.rsa.pub)",
        "pubRsaPemToJwk kid": "C.pubRsaPemToJwk(K.rsa.pub, 'rk').kid",
        rsaPemToJwk: "C.rsaPemToJwk(K.rsa.priv)",
        "rsaPemToJwk pkcs1": "const j = C.rsaPemToJwk(K.rsa.pkcs1); return Object.keys(j).sort();",
        "back public": "C.pubRsaJwkToPem(C.pubRsaPemToJwk(K.rsa.pub)) === K.rsa.pub",
        "back private": "C.rsaJwkToPem(C.rsaPemToJwk(K.rsa.priv)) === K.rsa.priv",
        "of ec": "C.pubRsaPemToJwk(K.p256.pub)",
        "of garbage": "C.rsaPemToJwk('x')",
        "jwk without n": "C.pubRsaJwkToPem({ kty: 'RSA', e: 'AQAB' })",
        "jwk kty EC": "C.pubRsaJwkToPem({ kty: 'EC', n: 'AQAB', e: 'AQAB' })",
        "jwk is text": "C.pubRsaJwkToPem('x')",
        "jwk undefined": "C.pubRsaJwkToPem(undefined)",
      }),
    ),
    scenario("eddsa-jwk-conversions", (t) =>
      group(t, {
        pubEddsaPemToJwk: "C.pubEddsaPemToJwk(K.ed.pub)",
        eddsaPemToJwk: "C.eddsaPemToJwk(K.ed.priv)",
        "with kid": "C.pubEddsaPemToJwk(K.ed.pub, 'e1')",
        "back public": "C.pubEddsaJwkToPem(C.pubEddsaPemToJwk(K.ed.pub)) === K.ed.pub",
        "back private": "C.eddsaJwkToPem(C.eddsaPemToJwk(K.ed.priv)) === K.ed.priv",
        "x25519 public": "C.pubEddsaPemToJwk(K.x25519.pub)",
        "x25519 private": "C.eddsaPemToJwk(K.x25519.priv)",
        "of ec": "C.pubEddsaPemToJwk(K.p256.pub)",
        "bad crv": "C.pubEddsaJwkToPem({ kty: 'OKP', crv: 'Ed448', x: 'AA' })",
      }),
    ),
    scenario("wrap-rsa-oaep", (t) =>
      group(t, {
        "round trip":
          "const key = unhex(K.aes.k256); const w = C.wrapKey(key, S(K.rsa.pub), { name: 'RSA-OAEP' }); return [w.byteLength, hex(C.unwrapKey(w, S(K.rsa.priv), { name: 'RSA-OAEP' })) === K.aes.k256];",
        "with label":
          "const p = { name: 'RSA-OAEP', label: S('a label') }; const w = C.wrapKey(unhex(K.aes.k128), S(K.rsa.pub), p); return [hex(C.unwrapKey(w, S(K.rsa.priv), p)) === K.aes.k128];",
        "wrong label":
          "const w = C.wrapKey(unhex(K.aes.k128), S(K.rsa.pub), { name: 'RSA-OAEP', label: S('a') }); return hex(C.unwrapKey(w, S(K.rsa.priv), { name: 'RSA-OAEP', label: S('b') }));",
        "wrong key":
          "const w = C.wrapKey(unhex(K.aes.k128), S(K.rsa.pub), { name: 'RSA-OAEP' }); return hex(C.unwrapKey(w, S(K.rsa2.priv), { name: 'RSA-OAEP' }));",
        "too long": "C.wrapKey(new ArrayBuffer(300), S(K.rsa.pub), { name: 'RSA-OAEP' })",
        "ec key": "C.wrapKey(unhex(K.aes.k128), S(K.p256.pub), { name: 'RSA-OAEP' })",
        "key as text": "C.wrapKey(unhex(K.aes.k128), K.rsa.pub, { name: 'RSA-OAEP' })",
      }),
    ),
    scenario("wrap-aes-kwp", (t) =>
      group(t, {
        "256 wraps 16": "hex(C.wrapKey(unhex(K.aes.data16), unhex(K.aes.k256), { name: 'AES-KWP' }))",
        "128 wraps 33": "hex(C.wrapKey(unhex(K.aes.data33), unhex(K.aes.k128), { name: 'AES-KWP' }))",
        "192 wraps 16": "hex(C.wrapKey(unhex(K.aes.data16), unhex(K.aes.k192), { name: 'AES-KWP' }))",
        "round trip":
          "const w = C.wrapKey(unhex(K.aes.data33), unhex(K.aes.k256), { name: 'AES-KWP' }); return hex(C.unwrapKey(w, unhex(K.aes.k256), { name: 'AES-KWP' })) === K.aes.data33;",
        tampered:
          "const w = C.wrapKey(unhex(K.aes.data16), unhex(K.aes.k256), { name: 'AES-KWP' }); return C.unwrapKey(flip(w), unhex(K.aes.k256), { name: 'AES-KWP' });",
        "bad key size": "C.wrapKey(unhex(K.aes.data16), new ArrayBuffer(10), { name: 'AES-KWP' })",
        "unwrap short": "C.unwrapKey(new ArrayBuffer(4), unhex(K.aes.k256), { name: 'AES-KWP' })",
      }),
    ),
    scenario("wrap-rsa-oaep-aes-kwp", (t) =>
      group(t, {
        "round trip of a private key":
          "const p = { name: 'RSA-OAEP-AES-KWP', aesKeySize: 256 }; const w = C.wrapKey(S(K.rsa2.priv), S(K.rsa.pub), p); return [w.byteLength, ccf.bufToStr(C.unwrapKey(w, S(K.rsa.priv), p)) === K.rsa2.priv];",
        "aes 128":
          "const p = { name: 'RSA-OAEP-AES-KWP', aesKeySize: 128 }; const w = C.wrapKey(S('secret!'), S(K.rsa.pub), p); return [w.byteLength, ccf.bufToStr(C.unwrapKey(w, S(K.rsa.priv), p))];",
        "with label":
          "const p = { name: 'RSA-OAEP-AES-KWP', aesKeySize: 256, label: S('L') }; const w = C.wrapKey(S('secret!'), S(K.rsa.pub), p); return ccf.bufToStr(C.unwrapKey(w, S(K.rsa.priv), p));",
        "no size": "C.wrapKey(S('secret!'), S(K.rsa.pub), { name: 'RSA-OAEP-AES-KWP' })",
        "bad size": "C.wrapKey(S('secret!'), S(K.rsa.pub), { name: 'RSA-OAEP-AES-KWP', aesKeySize: 100 })",
        "unwrap garbage": "C.unwrapKey(new ArrayBuffer(300), S(K.rsa.priv), { name: 'RSA-OAEP-AES-KWP', aesKeySize: 256 })",
      }),
    ),
    scenario("wrap-bad-arguments", (t) =>
      group(t, {
        none: "C.wrapKey()",
        two: "C.wrapKey(MSG, MSG)",
        "unknown name": "C.wrapKey(MSG, unhex(K.aes.k128), { name: 'AES-KW' })",
        "no name": "C.wrapKey(MSG, unhex(K.aes.k128), {})",
        "text key": "C.wrapKey('x', unhex(K.aes.k128), { name: 'AES-KWP' })",
        "unwrap none": "C.unwrapKey()",
        "unwrap unknown": "C.unwrapKey(MSG, unhex(K.aes.k128), { name: 'X' })",
        "parameters null": "C.wrapKey(MSG, unhex(K.aes.k128), null)",
      }),
    ),
    scenario("certificate-checks", (t) =>
      group(t, {
        "bundle one": "C.isValidX509CertBundle(K.rsa.cert)",
        "bundle two": "C.isValidX509CertBundle(K.chain.mid + K.chain.root)",
        "bundle text": "C.isValidX509CertBundle('hello')",
        "bundle empty": "C.isValidX509CertBundle('')",
        "bundle bad base64": "C.isValidX509CertBundle('-----BEGIN CERTIFICATE-----\\nAAAA\\n-----END CERTIFICATE-----')",
        "bundle with key": "C.isValidX509CertBundle(K.rsa.cert + K.rsa.pub)",
        "bundle expired": "C.isValidX509CertBundle(K.chain.expired)",
        "bundle none": "C.isValidX509CertBundle()",
        "bundle number": "C.isValidX509CertBundle(5)",
        "chain leaf mid / root": "C.isValidX509CertChain(K.chain.leaf + K.chain.mid, K.chain.root)",
        "chain without mid": "C.isValidX509CertChain(K.chain.leaf, K.chain.root)",
        "chain mid / root": "C.isValidX509CertChain(K.chain.mid, K.chain.root)",
        "chain other root": "C.isValidX509CertChain(K.chain.leaf + K.chain.mid, K.chain.other)",
        "chain two roots": "C.isValidX509CertChain(K.chain.leaf + K.chain.mid, K.chain.other + K.chain.root)",
        "chain self": "C.isValidX509CertChain(K.chain.root, K.chain.root)",
        "chain trusted mid": "C.isValidX509CertChain(K.chain.leaf, K.chain.mid)",
        "chain expired leaf": "C.isValidX509CertChain(K.chain.expired, K.chain.root)",
        "chain wrong order": "C.isValidX509CertChain(K.chain.mid + K.chain.leaf, K.chain.root)",
        "chain empty": "C.isValidX509CertChain('', K.chain.root)",
        "chain one argument": "C.isValidX509CertChain(K.chain.leaf)",
      }),
    ),
    scenario("converters", (t) =>
      group(t, {
        strToBuf: "hex(ccf.strToBuf('aé€😀\\0b'))",
        "strToBuf number": "ccf.strToBuf(5)",
        "strToBuf none": "ccf.strToBuf()",
        "strToBuf two": "ccf.strToBuf('a', 'b')",
        "strToBuf empty": "ccf.strToBuf('').byteLength",
        "strToBuf lone surrogate": "hex(ccf.strToBuf('\\ud800'))",
        bufToStr: "ccf.bufToStr(unhex('61c3a9e282acf09f988000'))",
        "bufToStr invalid": "ccf.bufToStr(unhex('61ff62c3'))",
        "bufToStr text": "ccf.bufToStr('x')",
        "bufToStr uint8array": "ccf.bufToStr(new Uint8Array([97]))",
        jsonToBuf: "ccf.bufToStr(ccf.jsonCompatibleToBuf({ a: [1, 'é', null, true], u: undefined }))",
        "jsonToBuf string": "ccf.bufToStr(ccf.jsonCompatibleToBuf('x'))",
        "jsonToBuf undefined": "ccf.jsonCompatibleToBuf(undefined)",
        "jsonToBuf function": "ccf.jsonCompatibleToBuf(() => 1)",
        "jsonToBuf bigint": "ccf.jsonCompatibleToBuf(1n)",
        "jsonToBuf circular": "const a = {}; a.a = a; return ccf.jsonCompatibleToBuf(a);",
        bufToJson: "ccf.bufToJsonCompatible(S('{\"a\":[1,2]}'))",
        "bufToJson bad": "ccf.bufToJsonCompatible(S('{a}'))",
        "bufToJson empty": "ccf.bufToJsonCompatible(new ArrayBuffer(0))",
        "bufToJson text": "ccf.bufToJsonCompatible('1')",
        pemToId: "ccf.pemToId(K.p256.cert)",
        "pemToId rsa": "ccf.pemToId(K.rsa.cert)",
        "pemToId public key": "ccf.pemToId(K.p256.pub)",
        "pemToId garbage": "ccf.pemToId('x')",
        "pemToId none": "ccf.pemToId()",
        "pemToId with text around": "ccf.pemToId('# comment\\n' + K.p256.cert)",
      }),
    ),
    scenario("globals", async (t) => {
      await t.install({
        globals: "return { body: Object.getOwnPropertyNames(globalThis).sort() };",
        ccfKeys:
          "const d = (o) => (o === undefined ? 'undefined' : Object.keys(o).sort()); return { body: { ccf: d(ccf), crypto: d(ccf.crypto), kv: typeof ccf.kv, rpc: d(ccf.rpc), consensus: d(ccf.consensus), historical: d(ccf.historical), host: d(ccf.host), node: d(ccf.node), network: d(ccf.network), historicalState: typeof ccf.historicalState, snp: d(snp_attestation), console: d(console) } };",
        absent:
          "const o = {}; for (const n of ['require', 'process', 'fetch', 'setTimeout', 'TextEncoder', 'TextDecoder', 'URL', 'crypto', 'atob', 'btoa', 'structuredClone', 'WebAssembly', 'Buffer', 'queueMicrotask', 'performance', 'std', 'os', 'print', 'scriptArgs', 'BigDecimal', 'Intl', 'WeakRef', 'FinalizationRegistry']) o[n] = typeof globalThis[n]; return { body: o };",
        lengths:
          "const o = {}; for (const n of Object.keys(ccf.crypto)) o[n] = [ccf.crypto[n].length, ccf.crypto[n].name]; return { body: o };",
      });
      await t.call("globals");
      await t.call("ccfKeys");
      await t.call("absent");
      await t.call("lengths");
    }),
    scenario("date-and-time", (t) =>
      group(t, {
        now: "Date.now()",
        "new Date": "new Date().getTime()",
        "given date": "new Date(86400000).toISOString()",
        string: "String(new Date())",
        "call without new": "typeof Date()",
        parse: "Date.parse('2020-01-02T03:04:05Z')",
        zone: "new Date(0).getTimezoneOffset()",
        utc: "Date.UTC(2020, 1, 3)",
        locale: "new Date(0).toLocaleDateString()",
        "untrusted on":
          "const was = ccf.enableUntrustedDateTime(true); const n = Date.now(); const again = ccf.enableUntrustedDateTime(false); return [was, n > 1600000000000, again, Date.now()];",
        "untrusted survives?": "Date.now()",
        "untrusted bad": "ccf.enableUntrustedDateTime(1)",
        "untrusted none": "ccf.enableUntrustedDateTime()",
        "untrusted new Date": "ccf.enableUntrustedDateTime(true); return new Date().getFullYear() > 2020;",
        "metrics logging": "[ccf.enableMetricsLogging(true), ccf.enableMetricsLogging(false)]",
        "metrics bad": "ccf.enableMetricsLogging('x')",
      }),
    ),
  ],
};
