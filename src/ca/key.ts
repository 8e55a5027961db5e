import { ccf } from "@microsoft/ccf-app/global.js";
import { handler } from "../http/handler.js";
import { caSigningKeys } from "../kv/tables.js";
import { CaKey } from "../model/ca.js";
import { ContractPath } from "../model/contract.js";
import { caCertificate } from "./certificate.js";
import { untrustedTime } from "./clock.js";
import { requireEnabled } from "./state.js";
import { caValidity } from "./validity.js";

/**
 * POST /contracts/{contractId}/ca/generateSigningKey: makes the key that governance has asked for, and the certificate of the CA.
 *
 * Governance counts what it asks for: the first key when it enables the CA, another with each rotation. The key of one number is made once,
 * however often a member calls. The certificates of earlier keys stay readable, as long as what they signed may be in use and after.
 *
 * @throws CallerNotAuthorized (403), CANotEnabled (405)
 */
export const generateCaKey = handler(
  { params: ContractPath, returns: CaKey, callers: ["member_cert"], activeMembers: true },
  ({ params: { contractId } }) => {
    const requestId = requireEnabled(contractId);
    const current = caSigningKeys.get(contractId);
    if (current?.requestId === requestId) return { requestId };

    const { publicKey, privateKey } = ccf.crypto.generateEcdsaKeyPair("secp384r1");
    const caCert = caCertificate({ publicKey, privateKey }, caValidity(untrustedTime()));
    const previousCaCerts = current ? [...(current.previousCaCerts ?? []), current.caCert] : [];
    caSigningKeys.set(contractId, { requestId, publicKey, privateKey, caCert, previousCaCerts });
    return { requestId };
  },
);
