import { action } from "../action.js";
import {
  type Check,
  boolean,
  certificate,
  certificates,
  listOf,
  nonEmpty,
  nonEmptyString,
  objectWith,
  optional,
  string,
} from "../arguments.js";
import { ccf } from "../ccf.js";
import { caBundles, jwtIssuers } from "../tables.js";

/*! A key that an issuer signs tokens with (RFC 7517): as certificates, or as an RSA or elliptic curve public key. */
const JsonWebKey: Check<unknown> = (value, field) => {
  const jwk = objectWith({ kid: nonEmptyString, kty: nonEmptyString })(value, field);
  if (jwk.x5c) return objectWith({ x5c: nonEmpty(listOf(Base64Certificate)) })(value, field);
  if (jwk.n) return objectWith({ n: string, e: string })(value, field);
  if (jwk.x) return objectWith({ x: string, y: string, crv: string })(value, field);
  throw new Error(`${field} must contain x5c, or n and e, or x, y and crv`);
};

/** Base64 DER. */
const Base64Certificate: Check<string> = (value, field) => {
  const base64 = string(value, field);
  certificate(["-----BEGIN CERTIFICATE-----", base64, "-----END CERTIFICATE-----"].join("\n"), field);
  return base64;
};

const Jwks = objectWith({ keys: listOf(JsonWebKey) });

/*! Where CCF can fetch keys by itself: https, and nothing after the path. */
const HTTPS_URL = /^https:\/\/[^/?#]+[^?#]*$/;

/*! Whose tokens are believed, with the keys known now. CCF fetches them regularly when `auto_refresh` is true. */
action(
  "set_jwt_issuer",
  { issuer: nonEmptyString, auto_refresh: optional(boolean), ca_cert_bundle_name: optional(nonEmptyString), jwks: optional(Jwks) },
  {
    validate: ({ issuer, auto_refresh, ca_cert_bundle_name }) => {
      if (auto_refresh !== true) return;
      if (ca_cert_bundle_name === undefined) throw new Error("auto_refresh needs a ca_cert_bundle_name");
      if (!HTTPS_URL.test(issuer)) throw new Error("auto_refresh needs an issuer that is an https:// URL without query and fragment");
    },
    effect: ({ issuer, auto_refresh = false, ca_cert_bundle_name, jwks }) => {
      if (auto_refresh && !caBundles.has(ca_cert_bundle_name ?? "")) throw new Error(`there is no CA bundle ${ca_cert_bundle_name ?? ""}`);
      const metadata = { auto_refresh, ca_cert_bundle_name };
      if (jwks) ccf.setJwtPublicSigningKeys(issuer, metadata, jwks);
      jwtIssuers.set(issuer, metadata);
    },
  },
);

action("set_jwt_public_signing_keys", { issuer: nonEmptyString, jwks: Jwks }, ({ issuer, jwks }) => {
  const metadata = jwtIssuers.get(issuer);
  if (!metadata) throw new Error(`there is no issuer ${issuer}`);
  ccf.setJwtPublicSigningKeys(issuer, metadata, jwks);
});

action("remove_jwt_issuer", { issuer: nonEmptyString }, ({ issuer }) => {
  if (!jwtIssuers.has(issuer)) return;
  jwtIssuers.delete(issuer);
  ccf.removeJwtPublicSigningKeys(issuer);
});

/*! Authorities that CCF trusts when it fetches an issuer's keys. */
action("set_ca_cert_bundle", { name: nonEmptyString, cert_bundle: certificates }, ({ name, cert_bundle }) => {
  caBundles.set(name, cert_bundle);
});

action("remove_ca_cert_bundle", { name: nonEmptyString }, ({ name }) => {
  caBundles.delete(name);
});
