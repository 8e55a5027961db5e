import type { ClockOption } from "./clock.js";
import type { Governance } from "./governance.js";
import type { Identity } from "./identity.js";
import type { InitialMember, LogLevel } from "./messages.js";
import type { SandboxRequest } from "./request.js";
import type { SandboxResponse } from "./response.js";
import type { ExtraRoot } from "./enclave/snp/trust.js";
import type { Attestation, AttestRequest } from "./virtualTee.js";

export type SandboxOptions = {
  /** Needed for a fresh service. Of those who come with their private keys, `open` makes use. */
  readonly members?: readonly (InitialMember | (InitialMember & Identity))[];
  /**
   * One ES module that exports validate, resolve and apply, or the texts that make one when they are joined line by line, as those of
   * CCF's sample constitution do. Default: a small one, by which a majority of the members decides.
   */
  readonly constitution?: string | readonly string[];
  /** Where ledger and keys are kept; without it the service ends with the process. */
  readonly dir?: string;
  /** Go on with what `dir` holds; otherwise `dir` must be empty. */
  readonly resume?: boolean;
  /** Address to listen at. Default 127.0.0.1. */
  readonly host?: string;
  /** Port to listen at; 0 picks one. Without it nothing listens, and requests go through `request`. */
  readonly port?: number;
  /** Default: 5000 transactions, 100 milliseconds. */
  readonly signatures?: { readonly transactions?: number | undefined; readonly milliseconds?: number | undefined };
  /**
   * Time that stands still until `advance`: signatures by time, validity of tokens and of users' certificates, and the time that
   * applications see go by it. Limits on their execution, and the certificates of the service, go by real time.
   */
  readonly clock?: ClockOption;
  /**
   * FOR TESTS: the service also believes the evidence of a TEE that is none, which `attest` makes. Its keys are kept in `dir`.
   * Whoever can ask for evidence passes every attestation policy, so the service may listen at a loopback address only.
   */
  readonly virtualTee?: boolean;
  /** Log a line for each request (see docs/sandbox.md), and what applications throw, whatever `log_exception_details` says. */
  readonly trace?: boolean;
  /** Source maps (JSON) of modules that do not end with their own, by the names of the modules in the bundle. */
  readonly sourceMaps?: Readonly<Record<string, string>>;
  readonly log?: (level: LogLevel, line: string) => void;
  /** Called once when the service had to end because its ledger cannot be written. */
  readonly failed?: (error: Error) => void;
};

/** A running service of one node. */
export type Sandbox = Governance & {
  /** `https://host:port`; undefined when nothing listens. */
  readonly url: string | undefined;
  /** PEM; what clients trust. */
  readonly serviceCertificate: string;
  /** Sends a request straight into the enclave. */
  request(request: SandboxRequest): Promise<SandboxResponse>;
  /** Signs what is not signed yet; resolves when it is committed. @throws SandboxError once the service has ended */
  sign(): Promise<void>;
  /** Milliseconds since the epoch, by the clock of the service. */
  now(): number;
  /**
   * Puts a virtual clock forward. Where a signature comes due by that, it resolves when what is signed is committed.
   *
   * @throws SandboxError where time is real, or the service has ended; RangeError for what is no time forward
   */
  advance(milliseconds: number): Promise<void>;
  /** What else to trust to believe the virtual TEE; undefined where the service has none. */
  readonly virtualRoot: ExtraRoot | undefined;
  /** Evidence by the virtual TEE. @throws SandboxError where the service has none, RangeError for a field of another size */
  attest(request: AttestRequest): Attestation;
  /** Signs and stores what there is, and ends. */
  stop(): Promise<void>;
};
