import { createPublicKey } from "node:crypto";
import { tables, type JwtIssuer, type JwtSigningKey } from "../../gov/tables.js";
import { json, type HttpResponse } from "../../http/message.js";
import type { EndpointCall } from "../endpoint.js";

/** GET /service/jwk: issuers of tokens, their signing keys (PEM) by key id, and the CA bundles to reach issuers with. */
export function getJwk({ tx }: EndpointCall): HttpResponse {
  const { caCertBundles, jwtIssuers, jwtKeys } = tables(tx);
  return json(200, {
    caCertBundles: Object.fromEntries(caCertBundles.entries()),
    issuers: Object.fromEntries(jwtIssuers.entries().map(([issuer, metadata]) => [issuer, describeIssuer(metadata)])),
    keys: Object.fromEntries(jwtKeys.entries().map(([kid, keys]) => [kid, keys.map(describeKey)])),
  });
}

const describeIssuer = ({ auto_refresh, ca_cert_bundle_name: name }: JwtIssuer): object => ({
  autoRefresh: auto_refresh ?? false,
  ...(typeof name === "string" && { caCertBundleName: name }),
});

const describeKey = ({ public_key, issuer, constraint }: JwtSigningKey): object => {
  const key = createPublicKey({ key: Buffer.from(public_key, "base64"), format: "der", type: "spki" });
  return { constraint: constraint ?? null, issuer, publicKey: key.export({ format: "pem", type: "spki" }) };
};
