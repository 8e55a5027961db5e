export type CleanRoomErrorCode =
  /** The platform, the sidecar or the sandbox did not give any evidence. */
  | "EvidenceUnavailable"
  /** There is evidence, but not about the key of this clean room, or in a form that nobody knows. */
  | "InvalidEvidence"
  | "InvalidKey"
  /** What the service released was not encrypted for this clean room. */
  | "NotForThisKey"
  /** The service answered with something that it should not. */
  | "UnexpectedAnswer"
  | "InvalidPathPrefix"
  | "InvalidParameter"
  /** The template does not say what its policy allows, or says what cannot be run here. */
  | "TemplateRefused"
  /** Governance does not know the clean room that this template makes. */
  | "NotAdmitted"
  /** A member has disabled the execution, or there is no accepted contract. */
  | "NotConsented"
  /** Nothing on this machine stands for the image. */
  | "UnknownImage"
  | "IsolationFailed"
  /** An application has left something that is no file, leads out of its folder, or has a name that cannot be stored. */
  | "OutputRefused"
  | "Interrupted";

/** The clean room itself cannot go on: no request was refused. */
export class CleanRoomError extends Error {
  override readonly name = "CleanRoomError";

  constructor(
    readonly code: CleanRoomErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
