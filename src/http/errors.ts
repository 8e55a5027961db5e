/**
 * Every error that the application answers: status and what is said unless the place of the error knows better.
 * Codes and statuses are part of the wire interface.
 */
export const ERRORS = {
  AttestationMissing: [400, "The attestation field is missing: send the evidence of the clean room."],
  CANotEnabled: [405, "The CA of this contract is not enabled. Propose enable_ca first."],
  CallerNotAuthorized: [403, "The caller is not allowed to do this."],
  ContractAlreadyAccepted: [405, "The contract is accepted and can no longer change."],
  ContractAlreadyExists: [409, "The specified contract already exists. To replace it send the version that was last read."],
  ContractDisabled: [403, "A member has disabled the execution of this contract."],
  ContractIdMismatch: [400, "The document belongs to another contract."],
  ContractIdMissing: [400, "The contractId field is missing or empty."],
  ContractNotAccepted: [400, "The contract has not been accepted."],
  ContractNotFound: [404, "There is no contract with this id."],
  DataMissing: [400, "The data field is missing or empty."],
  DocumentAlreadyAccepted: [405, "The document is accepted and can no longer change."],
  DocumentAlreadyExists: [409, "A draft of this document exists. To replace it send the version that was last read."],
  DocumentNotFound: [404, "There is no document with this id."],
  EncryptionMissing: [400, "The encrypt field is missing: send the public key that the evidence binds."],
  InvalidAuthenticationInfo: [401, "Send the certificate of a member, or the evidence of a clean room."],
  InvalidInput: [400, "The request is not well formed."],
  InvalidOption: [400, "There is no such option."],
  InvalidParameter: [400, "A query parameter has a value that is not supported."],
  InvalidUrl: [400, "The issuer URL must be an https URL without query and fragment."],
  IssuerUrlNotSet: [405, "No issuer URL is set, neither for the tenant nor for the service."],
  NoCASigningKey: [404, "The CA of this contract has no signing key. A member generates one first."],
  NoTenantIdMemberData: [400, "The member data of the caller name no tenantId."],
  OidcIssuerNotEnabled: [405, "The OIDC issuer is not enabled. Propose enable_oidc_issuer first."],
  PayloadInvalid: [400, "The payload is not base64."],
  PayloadMissing: [400, "The payload field is missing or empty."],
  PreconditionFailed: [412, "The version sent is not the current one. Read again, merge, and send the version then read."],
  ReportDataMismatch: [400, "The report data of the evidence is not the digest of the public key that was sent."],
  SecretNotFound: [404, "There is no secret with this id."],
  SignatureMismatch: [400, "The signature over the data does not verify."],
  SignatureMissing: [400, "The sign field is missing: send the signature over the data."],
  SignatureReused: [409, "This signature has been used for another request. Sign anew."],
  SigningKeyNotAvailable: [405, "There is no signing key. A member generates one first."],
  SigningNotEnabled: [405, "Signing is not enabled. Propose enable_signing first."],
  SubjectNotAllowed: [403, "The subject is neither the contract id nor one that is registered for this contract."],
  TimestampMissing: [400, "The timestamp field is missing."],
  TimestampTooLarge: [400, "The timestamp has more than 13 digits: send milliseconds since 1970."],
  UnsupportedPlatform: [400, "This platform is not supported: send platform snp-caci."],
  ValueMissing: [400, "The value field is missing or empty."],
  ValueTooLarge: [400, "The value is longer than 25600 characters."],
  VerifySnpAttestationFailed: [400, "The attestation does not verify."],
  ViewNotKnown: [503, "The node does not yet know the view of the last write. Try again."],
} as const satisfies Readonly<Record<string, readonly [status: number, message: string]>>;

export type ErrorCode = keyof typeof ERRORS;

/** A refusal that the caller is told about; the wrapper of the endpoint turns it into the response. */
export class ApiError extends Error {
  readonly status: number;

  constructor(
    readonly code: ErrorCode,
    message: string = ERRORS[code][1],
  ) {
    super(message);
    this.status = ERRORS[code][0];
  }
}
