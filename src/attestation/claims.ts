import { hex } from "../encoding/hex.js";
import type { CLAIMS } from "../model/claims.js";
import type { Report } from "./evidence.js";

export type ClaimName = keyof typeof CLAIMS;
export type Claim = string | number | boolean;
/** What evidence says about itself: the value of a claim by its name, undefined where it says nothing. */
export type Claims = (name: string) => Claim | undefined;

const CLAIM: Readonly<Record<ClaimName, (report: Report) => Claim | undefined>> = {
  "x-ms-ver": ({ attestation }) => String(attestation.version),
  "x-ms-sevsnpvm-guestsvn": ({ attestation }) => attestation.guest_svn,
  "x-ms-sevsnpvm-smt-allowed": ({ attestation }) => attestation.policy.smt === 1,
  "x-ms-sevsnpvm-is-debuggable": ({ attestation }) => attestation.policy.debug === 1,
  "x-ms-sevsnpvm-familyId": ({ attestation }) => hex(attestation.family_id),
  "x-ms-sevsnpvm-imageId": ({ attestation }) => hex(attestation.image_id),
  "x-ms-sevsnpvm-vmpl": ({ attestation }) => attestation.vmpl,
  "x-ms-sevsnpvm-reportdata": ({ attestation }) => hex(attestation.report_data),
  "x-ms-sevsnpvm-launchmeasurement": ({ attestation }) => hex(attestation.measurement),
  "x-ms-sevsnpvm-hostdata": ({ attestation }) => hex(attestation.host_data),
  "x-ms-sevsnpvm-idkeydigest": ({ attestation }) => hex(attestation.id_key_digest),
  "x-ms-sevsnpvm-authorkeydigest": ({ attestation }) => hex(attestation.author_key_digest),
  "x-ms-sevsnpvm-reportid": ({ attestation }) => hex(attestation.report_id),
  "uvm_endorsements-did": ({ uvm_endorsements }) => uvm_endorsements?.did,
  "uvm_endorsements-feed": ({ uvm_endorsements }) => uvm_endorsements?.feed,
  "uvm_endorsements-svn": ({ uvm_endorsements }) => uvm_endorsements?.svn,
};

/** The claims of evidence that was verified. Each is computed when it is asked for. */
export const claimsOf =
  (report: Report): Claims =>
  (name) =>
    Object.hasOwn(CLAIM, name) ? CLAIM[name as ClaimName](report) : undefined;
