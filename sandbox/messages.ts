import type { HttpRequest, HttpResponse } from "./enclave/http/message.js";
import type { AppendFlags } from "./enclave/ledger/storage.js";
import type { ExtraRoot } from "./enclave/snp/trust.js";

/*
 * What the two halves of the sandbox say to each other. The enclave (a worker thread) holds keys, state and guests;
 * the host (the main thread) holds sockets and files.
 */

/** An initial member of a fresh service. */
export type InitialMember = {
  /** PEM. */
  readonly certificate: string;
  /** PEM; members that have one can recover the service. */
  readonly encryptionPublicKey?: string | undefined;
  readonly data?: unknown;
};

/** What a fresh service is made of. */
export type Genesis = {
  readonly members: readonly InitialMember[];
  /** One ES module that exports validate, resolve and apply. */
  readonly constitution: string;
};

/** How the worker is started; everything else is a message. */
export type EnclaveOptions = {
  /** `address:port` under which clients reach the node, shown in node information. */
  readonly address: string;
  /** Host names and IP addresses for the node's TLS certificate. */
  readonly hosts: readonly string[];
  /** A signature follows after so many transactions, or so many milliseconds after the first unsigned one. */
  readonly signatures: { readonly transactions: number; readonly milliseconds: number };
  /** Whose attestation evidence is believed besides that of the vendors. */
  readonly extraRoots: readonly ExtraRoot[];
  /** Shared memory: the time of a clock that goes only when it is told to, in milliseconds since the epoch. Without it time is real. */
  readonly clock?: Float64Array | undefined;
  /** Whether to log a line for each request. */
  readonly trace?: boolean | undefined;
  /** Source maps (JSON) of modules by their names, with or without the leading slash. */
  readonly sourceMaps?: Readonly<Record<string, string>> | undefined;
  /** Shared memory of `Sessions`, written by the host. Without it there are no connections. */
  readonly sessions?: Float64Array | undefined;
  /** Shared memory of `Progress`, written by the enclave. */
  readonly progress: Float64Array;
};

/** What the enclave answers with a response. */
export type Question =
  | { readonly kind: "request"; readonly request: HttpRequest }
  /** Sign what is unsigned; answered when it is committed, with an empty 204. */
  | { readonly kind: "sign" }
  /** The shared clock has been put forward; answered when what came due by it is done and on disk, with an empty 204. */
  | { readonly kind: "tick" };

export type ToEnclave =
  | { readonly kind: "create"; readonly genesis: Genesis }
  /** `sealed` is what the `identity` message of the first start carried; the ledger follows. */
  | { readonly kind: "resume"; readonly sealed: string }
  /** Entries of the ledger that is resumed, in order; answered by `taken`. */
  | { readonly kind: "replay"; readonly entries: readonly Uint8Array[] }
  | { readonly kind: "replayed" }
  | (Question & { readonly id: number })
  /** Everything up to `seqno` is on disk. */
  | { readonly kind: "persisted"; readonly seqno: number }
  /** Answer to `read`. */
  | { readonly kind: "entries"; readonly id: number; readonly entries: readonly Uint8Array[] }
  | { readonly kind: "unreadable"; readonly id: number; readonly problem: string }
  /** Sign what is unsigned, and say so when it is on disk. */
  | { readonly kind: "stop" };

export type LogLevel = "info" | "fail" | "fatal";

export type FromEnclave =
  /** To be kept, and to be kept secret: whoever has it is the service. */
  | { readonly kind: "identity"; readonly sealed: string }
  /** The entries of one `replay` have been replayed: a ledger is longer than memory, and not all of it should wait here. */
  | { readonly kind: "taken" }
  /** What follows `seqno` in the ledger was never signed; forget it. */
  | { readonly kind: "cut"; readonly seqno: number }
  | { readonly kind: "ready"; readonly tls: TlsIdentity }
  /** Governance has renewed a certificate: what to serve TLS with from now on. An `identity` message went before. */
  | { readonly kind: "renewed"; readonly tls: TlsIdentity }
  /** The enclave cannot start; the reason is for the person who started it. */
  | { readonly kind: "failed"; readonly problem: string }
  | { readonly kind: "response"; readonly id: number; readonly response: HttpResponse }
  | { readonly kind: "append"; readonly seqno: number; readonly entry: Uint8Array; readonly flags: AppendFlags }
  | { readonly kind: "read"; readonly id: number; readonly first: number; readonly last: number }
  | { readonly kind: "stopped" }
  | { readonly kind: "log"; readonly level: LogLevel; readonly line: string };

/** What the host's TLS server needs. The node key leaves the enclave for it, as only a sandbox may do. */
export type TlsIdentity = {
  /** PEM, PKCS #8. */
  readonly key: string;
  /** PEM: the node's certificate, then the service's. */
  readonly chain: string;
  /** PEM. */
  readonly serviceCertificate: string;
};
