import { requireCleanRoom } from "../attestation/attested.js";
import { signedJson, useSignature } from "../attestation/signed.js";
import { ApiError } from "../http/errors.js";
import { handler } from "../http/handler.js";
import { events } from "../kv/tables.js";
import { ContractPath } from "../model/contract.js";
import { EventQuery, PutEventBody } from "../model/event.js";
import { eventOf } from "./name.js";

/** Those whom the clean rooms of a contract may have let in to write its events. */
const WRITER = { type: "events", id: "writer" };

/** As many as the milliseconds since 1970 have until the year 2286. */
const DIGITS = 13;

/** @throws ApiError TimestampMissing, InvalidInput, TimestampTooLarge */
function timestampOf(text: string | null | undefined): string {
  if (!text) throw new ApiError("TimestampMissing");
  if (!/^\d+$/.test(text)) throw new ApiError("InvalidInput", "body/timestamp must consist of decimal digits");
  if (text.length > DIGITS) throw new ApiError("TimestampTooLarge");
  return text.padStart(DIGITS, "0");
}

/**
 * PUT /contracts/{contractId}/events: a clean room of the contract tells what happened, in any JSON. The last event with an id is kept at
 * hand, those before it in the ledger.
 *
 * Also while execution is disabled: what still runs then should be on record. The same request again changes nothing.
 *
 * @throws AttestationMissing (400), SignatureMissing (400), TimestampMissing (400), InvalidInput (400), TimestampTooLarge (400),
 * UnsupportedPlatform (400), VerifySnpAttestationFailed (400), ReportDataMismatch (400), SignatureMismatch (400), DataMissing (400),
 * SignatureReused (409)
 */
export const putEvent = handler(
  { params: ContractPath, query: EventQuery, body: PutEventBody, status: 204, callers: ["no_auth"] },
  ({ params: { contractId }, query, body }) => {
    if (!body.attestation) throw new ApiError("AttestationMissing");
    if (!body.sign) throw new ApiError("SignatureMissing");
    const timestamp = timestampOf(body.timestamp);
    const room = requireCleanRoom(contractId, body, { key: "sign", delegate: WRITER });
    const data = signedJson(room, body);

    const { id, scope } = eventOf(contractId, query);
    if (useSignature(body, `event:${contractId}:${scope}:${id}:${timestamp}`) === "same") return;
    events(contractId, scope).set(id, { timestamp, data });
  },
);
