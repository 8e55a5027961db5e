import { requireCleanRoom } from "../attestation/attested.js";
import { signedJson, useSignature } from "../attestation/signed.js";
import { requireConsent } from "../consent/state.js";
import { handler } from "../http/handler.js";
import { SignedBody } from "../model/evidence.js";
import { WrappedCertificate } from "../model/ca.js";
import { ContractPath } from "../model/contract.js";
import { wrapped } from "../release/wrap.js";
import { requireAuthority } from "./authority.js";
import { leafCertificate } from "./certificate.js";
import { untrustedTime } from "./clock.js";
import { leafRequest } from "./request.js";
import { requireEnabled } from "./state.js";
import { leafValidity } from "./validity.js";

const DELEGATE = { type: "ca", id: "endorsed-cert" };

/**
 * POST /contracts/{contractId}/ca/generateEndorsedCert: certifies a key of the clean room by the CA of its contract.
 *
 * The key need not be the one that the evidence binds; that one signs the request. The certificate is for servers and clients of TLS, has the
 * names that were asked for and no others, and ends with that of the CA at the latest.
 *
 * @throws AttestationMissing (400), EncryptionMissing (400), UnsupportedPlatform (400), VerifySnpAttestationFailed (400),
 *   ReportDataMismatch (400), ContractDisabled (403), SignatureMismatch (400), DataMissing (400), CANotEnabled (405), NoCASigningKey (404),
 *   InvalidInput (400), SignatureReused (409)
 */
export const generateEndorsedCert = handler(
  { params: ContractPath, body: SignedBody, returns: WrappedCertificate, callers: ["no_auth"] },
  ({ params: { contractId }, body }) => {
    const room = requireCleanRoom(contractId, body, { delegate: DELEGATE });
    requireConsent(contractId);
    const data = signedJson(room, body);

    requireEnabled(contractId);
    const time = untrustedTime();
    const authority = requireAuthority(contractId, time);
    const { days, ...leaf } = leafRequest(data, authority.spki);
    useSignature(body, `certificate:${contractId}`); // repeated, it gets another certificate of the same content
    const cert = leafCertificate({ ...leaf, validity: leafValidity(time, days, authority.validity) }, authority);
    return wrapped(room, JSON.stringify({ cert }));
  },
);
