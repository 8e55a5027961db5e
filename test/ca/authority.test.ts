import { createHash, createPublicKey, X509Certificate } from "node:crypto";
import { expect, test } from "vitest";
import { authorityOf } from "../../src/ca/authority.js";
import { byOpenssl, hasOpenssl, selfSigned } from "./openssl.js";
import { ecKey } from "./world.js";

test.skipIf(!hasOpenssl)(`a CA that the public service made goes on certifying, as its certificate says (${byOpenssl})`, async () => {
  const { publicKey, privateKey } = ecKey("P-384");
  const caCert = await selfSigned(privateKey, 20_000); // ends after 2049, from when times are written with four digits of the year
  const spki = createPublicKey(publicKey).export({ type: "spki", format: "der" });
  const { validFrom, validTo } = new X509Certificate(caCert);
  expect(authorityOf({ requestId: "1", publicKey, privateKey, caCert })).toEqual({
    privateKey,
    spki: spki.toString("hex"),
    keyIdentifier: createHash("sha1").update(spki.subarray(-97)).digest("hex"),
    validity: { notBefore: Date.parse(validFrom), notAfter: Date.parse(validTo) },
  });
});
