import { ccf } from "@microsoft/ccf-app/global.js";
import { requireCleanRoom, requireEvidence } from "../../src/attestation/attested.js";
import { signedJson, useSignature } from "../../src/attestation/signed.js";
import { decodeBase64, encodeBase64 } from "../../src/encoding/base64.js";
import { hex } from "../../src/encoding/hex.js";
import { handler } from "../../src/http/handler.js";
import { CLAIMS } from "../../src/model/claims.js";
import { ContractPath } from "../../src/model/contract.js";
import { SignedBody } from "../../src/model/evidence.js";
import type { Shape, Validator } from "../../src/model/schema.js";
import { wrapped } from "../../src/release/wrap.js";

/* Endpoints that run inside the service, beside those of the product, and do one thing that attested endpoints do. */

type Query = {
  readonly key?: "encrypt" | "sign";
  readonly type?: string;
  readonly id?: string;
  readonly text?: string;
  readonly use?: string;
};

const query: Validator<Query> = (value): value is Query => value !== undefined;
const texts: Validator<readonly string[]> = (value): value is readonly string[] => Array.isArray(value);
const returns: Shape<unknown> = { kind: "shape", definition: {} };
const attested = { params: ContractPath, body: SignedBody, query, returns };

export const evidence = handler(attested, ({ params: { contractId }, body }) => {
  const claims = requireEvidence(contractId, body);
  return Object.fromEntries([...Object.keys(CLAIMS), "constructor", "x-ms-other"].map((name) => [name, claims(name)]));
});

export const room = handler(attested, ({ params: { contractId }, body, query: { key, type, id } }) => {
  const delegate = type !== undefined && id !== undefined && { delegate: { type, id } };
  const { publicKey } = requireCleanRoom(contractId, body, { ...(key && { key }), ...delegate });
  return { contractId, publicKey };
});

export const signed = handler(attested, ({ params: { contractId }, body, query: { key = "encrypt", use } }) => {
  const data = signedJson(requireCleanRoom(contractId, body, { key }), body);
  return { data, use: use === undefined ? undefined : useSignature(body, use) };
});

export const release = handler(attested, ({ params: { contractId }, body, query: { text = "" } }) =>
  wrapped(requireCleanRoom(contractId, body), text),
);

/** What base64 stands for, in hexadecimal; null where it is none. */
export const decode = handler({ body: texts, returns }, ({ body }) =>
  body.map((text) => {
    const bytes = decodeBase64(text);
    return bytes ? hex(bytes) : null;
  }),
);

/** The base64 of texts. */
export const encode = handler({ body: texts, returns }, ({ body }) => body.map((text) => encodeBase64(ccf.strToBuf(text))));
