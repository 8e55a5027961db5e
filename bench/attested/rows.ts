import { generateKeyPairSync } from "node:crypto";
import { HOST_DATA } from "./rooms.js";

/** What governance has agreed: table, key, value as it is written. */
export function agreedRows(): readonly (readonly [table: string, key: string, value: string])[] {
  const pem = { publicKeyEncoding: { type: "spki", format: "pem" }, privateKeyEncoding: { type: "pkcs8", format: "pem" } } as const;
  const policy = "public:ccf.gov.policies.cleanroom-contract";
  return [
    ["public:ccf.gov.accepted_contracts", "contract", JSON.stringify({ data: "terms", proposalId: "0".repeat(64) })],
    [policy, "x-ms-sevsnpvm-hostdata", JSON.stringify([HOST_DATA.toString("hex")])],
    [policy, "x-ms-sevsnpvm-is-debuggable", "[false]"],
    ["public:ccf.gov.oidc_issuer", "issuerUrl", "https://issuer.example/cgs"],
    [
      "oidc_issuer.signing_keys",
      "signingKey",
      JSON.stringify({ kid: "kid-1", reqId: "1", ...generateKeyPairSync("rsa", { modulusLength: 2048, ...pem }) }),
    ],
  ];
}
