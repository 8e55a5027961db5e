import type { ReadableTable } from "../kv/table.js";
import type { ExecutionContext } from "../kv/permissions.js";
import type { Transaction } from "../kv/transaction.js";

/*
 * What guest code can ask of the enclave around it, and what comes back from running it.
 * The engine (this folder) implements the `ccf` globals on top of these; the service implements these.
 */

/** `set_js_runtime_options`, with CCF's defaults filled in. */
export type RuntimeOptions = {
  readonly maxHeapBytes: number;
  readonly maxStackBytes: number;
  readonly maxExecutionTimeMs: number;
  readonly logExceptionDetails: boolean;
  readonly returnExceptionDetails: boolean;
  readonly maxCachedInterpreters: number;
};

/** What CCF 6.0.7 reports in `/node/js_metrics` when governance has set nothing. */
export const DEFAULT_RUNTIME_OPTIONS: RuntimeOptions = {
  maxHeapBytes: 100 * 1024 * 1024,
  maxStackBytes: 1024 * 1024,
  maxExecutionTimeMs: 1000,
  logExceptionDetails: false,
  returnExceptionDetails: false,
  maxCachedInterpreters: 10,
};

/** `ccf.consensus`. */
export interface Consensus {
  lastCommitted(): { readonly view: number; readonly seqno: number };
  statusOf(view: number, seqno: number): "Unknown" | "Pending" | "Committed" | "Invalid";
  /** null when no transaction has that sequence number yet. */
  viewOf(seqno: number): number | null;
}

/** A receipt as scripts see it; hexadecimal digests, base64 signature, PEM certificate. */
export type ScriptReceipt = {
  readonly signature: string;
  readonly cert: string;
  readonly node_id: string;
  readonly is_signature_transaction: boolean;
  readonly leaf_components?: { readonly write_set_digest: string; readonly commit_evidence: string; readonly claims_digest: string };
  readonly proof?: readonly ({ readonly left: string } | { readonly right: string })[];
  readonly root_hex?: string;
};

/** One past transaction: only the rows that it wrote, and its receipt. */
export interface HistoricalState {
  readonly transactionId: string;
  readonly receipt: ScriptReceipt;
  table(name: string): ReadableTable;
}

/** `ccf.historical`. */
export interface HistoricalStates {
  /** null while the range is being fetched or is not committed yet. @throws Error for an impossible range, in CCF's words but for the leading "Failed to get state range: " */
  range(handle: number, first: number, last: number, expirySeconds: number): readonly HistoricalState[] | null;
  drop(handle: number): boolean;
}

/** What `apply` may cause besides writes; each takes effect with the commit of the transaction. */
export interface GovernanceEffects {
  transitionServiceToOpen(previousIdentity: string | undefined, nextIdentity: string): void;
  triggerLedgerRekey(): void;
  triggerRecoverySharesRefresh(): void;
  triggerLedgerChunk(): void;
  triggerSnapshot(): void;
  triggerAcmeRefresh(): void;
  latestLedgerSecretSeqno(): number;
  generateEndorsedCertificate(csrPem: string, validFrom: string, validityDays: number): string;
  generateNetworkCertificate(validFrom: string, validityDays: number): string;
  setJwtPublicSigningKeys(issuer: string, metadata: unknown, jwks: unknown): void;
  removeJwtPublicSigningKeys(issuer: string): void;
}

/** Verification of SEV-SNP evidence, `snp_attestation.verifySnpAttestation`. @throws RangeError as CCF words it */
export type VerifySnpAttestation = (
  evidence: Uint8Array,
  endorsements: Uint8Array,
  uvmEndorsements: Uint8Array | undefined,
  endorsedTcbHex: string | undefined,
) => SnpVerification;

/** Byte fields become ArrayBuffers in the guest; the rest is passed on as JSON is. */
export type SnpVerification = {
  readonly attestation: Readonly<Record<string, unknown>>;
  readonly uvm_endorsements?: { readonly did: string; readonly feed: string; readonly svn: string };
};

/** A running service as its guests see it. */
export interface GuestServices {
  readonly consensus: Consensus;
  readonly historical: HistoricalStates;
  readonly verifySnpAttestation: VerifySnpAttestation;
  /** Untrusted host time in milliseconds since the epoch. */
  now(): number;
  /**
   * One line of `console` output, or about a guest. `once` names what it is about where it need not be said again before another
   * application is installed.
   */
  log(level: "info" | "fail" | "fatal", line: string, once?: string): void;
}

/**
 * How a call into a guest ended.
 *
 * `threw`: an exception of the guest, or a limit it ran into; `reason` reads as CCF prints it. After a timeout it is
 * "InternalError: interrupted", which CCF shows in the details of an error; its message is "Operation took too long to complete.".
 * `fault`: what is a C++ exception in CCF (a module that does not compile, a missing export, a reserved table): the whole request
 * answers 500 InternalError with `message`, whatever the guest does about it.
 */
export type Outcome<T> =
  | { readonly kind: "value"; readonly value: T }
  | { readonly kind: "threw"; readonly reason: string; readonly trace?: string | undefined; readonly timedOut: boolean }
  | {
      readonly kind: "fault";
      readonly message: string;
      /** What the guest threw while its result was read; one detail of the error if `returnExceptionDetails` is set. */
      readonly exception?: { readonly reason: string; readonly trace?: string | undefined };
    };

/** A guest value taken out of the interpreter. */
export type GuestValue = {
  /** `typeof`, with "null" for null. */
  readonly type: string;
  /** What `String(value)` gives; the empty string for objects. */
  readonly text: string;
  /** A JSON copy for objects (undefined where JSON has none), the value itself for primitives. */
  readonly data: unknown;
};

/** A call of the constitution or of a ballot, each in a fresh interpreter. */
export type GovernanceCall = {
  readonly context: Extract<ExecutionContext, "gov-ro" | "gov-rw">;
  readonly tx: Transaction;
  /** Text of the module, and the name that traces and faults show. */
  readonly source: string;
  readonly moduleName: string;
  readonly exportName: string;
  readonly args: readonly unknown[];
  readonly options: RuntimeOptions;
  readonly effects?: GovernanceEffects | undefined;
  readonly onRead?: OnRead | undefined;
};

/** Hears the name of a table whenever a guest looks into it. */
export type OnRead = (table: string) => void;

/** A call of an application endpoint. Modules are read from `public:ccf.gov.modules` through the transaction. */
export type EndpointCall = {
  readonly tx: Transaction;
  /** With the leading slash. */
  readonly jsModule: string;
  readonly jsFunction: string;
  readonly mode: "readwrite" | "readonly" | "historical";
  readonly request: GuestRequest;
  readonly options: RuntimeOptions;
  /** `interpreter_reuse.key`. */
  readonly reuseKey?: string | undefined;
  readonly historicalState?: HistoricalState | undefined;
  readonly onRead?: OnRead | undefined;
};

/** The `request` argument of an endpoint. */
export type GuestRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly url: string;
  readonly route: string;
  readonly hostname: string | null;
  readonly params: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** JSON-like; Uint8Arrays in it become ArrayBuffers in the guest. */
  readonly caller: unknown;
};

/** What an endpoint returned, converted as CCF converts it. */
export type EndpointResult = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
};

export type EndpointOutcome = Outcome<EndpointResult> & {
  /** `ccf.rpc.setApplyWrites`, when it was called. */
  readonly applyWrites?: boolean | undefined;
};

/** The JavaScript engine. */
export interface ScriptEngine {
  callGovernance(call: GovernanceCall): Outcome<GuestValue>;
  callEndpoint(call: EndpointCall): EndpointOutcome;
}
