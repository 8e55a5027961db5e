import type { Transaction } from "../kv/transaction.js";

/*
 * Governance tables as their rows are meant (CCF documentation, "Built-in Maps"): keys are text, values JSON or text. A table that
 * holds one value keeps it under eight zero bytes.
 */

const bytes = (text: string): Uint8Array => Buffer.from(text, "utf8");
const text = (raw: Uint8Array): string => Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString("utf8");

/** A table with text keys. */
export class Rows<V> {
  constructor(
    private readonly tx: Transaction,
    private readonly name: string,
    private readonly codec: Codec<V>,
  ) {}

  get(key: string): V | undefined {
    const raw = this.tx.table(this.name).get(bytes(key));
    return raw && this.codec.decode(raw);
  }

  has(key: string): boolean {
    return this.tx.table(this.name).has(bytes(key));
  }

  set(key: string, value: V): void {
    this.tx.table(this.name).set(bytes(key), this.codec.encode(value));
  }

  delete(key: string): void {
    this.tx.table(this.name).delete(bytes(key));
  }

  entries(): readonly (readonly [key: string, value: V])[] {
    return this.keys().map((key) => [key, this.get(key) as V] as const);
  }

  keys(): readonly string[] {
    const keys: string[] = [];
    this.tx.table(this.name).forEach((_, key) => keys.push(text(key)));
    return keys;
  }
}

/** A table of one value. */
export class Single<V> {
  static readonly #key = new Uint8Array(8);

  constructor(
    private readonly tx: Transaction,
    private readonly name: string,
    private readonly codec: Codec<V>,
  ) {}

  get(): V | undefined {
    const raw = this.tx.table(this.name).get(Single.#key);
    return raw && this.codec.decode(raw);
  }

  set(value: V): void {
    this.tx.table(this.name).set(Single.#key, this.codec.encode(value));
  }

  /** Sequence number of the transaction that last wrote the value, before this transaction. */
  get version(): number | undefined {
    return this.tx.table(this.name).versionOfPreviousWrite(Single.#key);
  }
}

type Codec<V> = { readonly encode: (value: V) => Uint8Array; readonly decode: (row: Uint8Array) => V };

// A row that is not JSON is the constitution's doing; the exception ends the request with 500, as it does in CCF.
const json = <V>(): Codec<V> => ({
  encode: (value) => bytes(JSON.stringify(value, sortedKeys)),
  decode: (row) => JSON.parse(text(row)) as V,
});

/** CCF's JSON library writes the keys of an object in order; who reads the rows in a script sees it. */
const sortedKeys = (_: string, value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;

const plain: Codec<string> = { encode: bytes, decode: text };
const raw: Codec<Uint8Array> = { encode: (value) => value, decode: (row) => row };

export type MemberInfo = {
  readonly status: "Accepted" | "Active";
  readonly member_data?: unknown;
  readonly recovery_role?: "NonParticipant" | "Participant" | "Owner" | null;
};

/** `cose_sign1_req`: base64 of the signed acknowledgement. */
export type MemberAck = { readonly state_digest: string; readonly cose_sign1_req?: string };

export type ServiceInfo = {
  /** PEM. */
  readonly cert: string;
  readonly status: "Opening" | "Open" | "WaitingForRecoveryShares" | "Recovering";
  readonly recovery_count?: number;
  readonly service_data?: unknown;
  /** `view.seqno`. */
  readonly current_service_create_txid?: string;
  /** Sequence number of the state that this one replaced. */
  readonly previous_service_identity_version?: number;
};

export type ServiceConfig = {
  readonly recovery_threshold: number;
  readonly recent_cose_proposals_window_size?: number;
  readonly maximum_node_certificate_validity_days?: number;
  readonly maximum_service_certificate_validity_days?: number;
};

export type NodeInfo = {
  readonly status: "Pending" | "Trusted" | "Retired";
  readonly node_data?: unknown;
  readonly retired_committed?: boolean;
  /** Byte strings in base64. */
  readonly quote_info: { readonly format: string; readonly quote: string; readonly endorsements: string };
  readonly rpc_interfaces: Readonly<Record<string, NodeInterface>>;
  readonly [other: string]: unknown;
};

export type NodeInterface = { readonly bind_address: string; readonly published_address: string; readonly app_protocol?: string };

/** `public_key`: base64 of the SubjectPublicKeyInfo in DER. */
export type JwtSigningKey = { readonly public_key: string; readonly issuer: string; readonly constraint?: string };

export type JwtIssuer = { readonly auto_refresh?: boolean; readonly ca_cert_bundle_name?: string | null };

/** Byte strings in base64. */
export type RecoveryShares = {
  readonly wrapped_latest_ledger_secret: string;
  /** Member id to that member's share, encrypted with the member's key. */
  readonly encrypted_shares: Readonly<Record<string, string>>;
};

export type ProposalState = "Open" | "Accepted" | "Rejected" | "Withdrawn" | "Dropped";

export type Failure = { readonly reason: string; readonly trace: string | null };

export type ProposalInfo = {
  readonly proposer_id: string;
  readonly state: ProposalState;
  /** Member id to the text of that member's ballot. */
  readonly ballots: Readonly<Record<string, string>>;
  readonly final_votes?: Readonly<Record<string, boolean>>;
  readonly vote_failures?: Readonly<Record<string, Failure>>;
};

/** Every table that governance itself reads or writes, within one transaction. */
export const tables = (tx: Transaction) => {
  const rows = <V>(name: string): Rows<V> => new Rows<V>(tx, `public:ccf.gov.${name}`, json<V>());
  const texts = (name: string): Rows<string> => new Rows(tx, `public:ccf.gov.${name}`, plain);
  const single = <V>(name: string): Single<V> => new Single<V>(tx, `public:ccf.gov.${name}`, json<V>());
  return {
    memberCerts: texts("members.certs"),
    memberEncryptionKeys: texts("members.encryption_public_keys"),
    memberInfo: rows<MemberInfo>("members.info"),
    memberAcks: rows<MemberAck>("members.acks"),
    userCerts: texts("users.certs"),
    userInfo: rows<unknown>("users.info"),
    /** Bodies as submitted. */
    proposals: new Rows(tx, "public:ccf.gov.proposals", raw),
    proposalsInfo: rows<ProposalInfo>("proposals_info"),
    /** Member id to base64 of the last message that the member signed, as a JSON string. */
    coseHistory: rows<string>("cose_history"),
    /** `<created_at, 10 digits>:<hex SHA-256 of the signature>` to proposal id. */
    coseRecentProposals: texts("cose_recent_proposals"),
    constitution: single<string>("constitution"),
    modules: texts("modules"),
    endpoints: rows<Readonly<Record<string, unknown>>>("endpoints"),
    runtimeOptions: single<Readonly<Record<string, unknown>>>("js_runtime_options"),
    serviceInfo: single<ServiceInfo>("service.info"),
    serviceConfig: single<ServiceConfig>("service.config"),
    nodesInfo: rows<NodeInfo>("nodes.info"),
    nodeCertificates: texts("nodes.endorsed_certificates"),
    sgxMeasurements: rows<unknown>("nodes.code_ids"),
    virtualMeasurements: rows<unknown>("nodes.virtual.measurements"),
    /** A set: its values are eight zero bytes. */
    virtualHostData: new Rows(tx, "public:ccf.gov.nodes.virtual.host_data", raw),
    snpMeasurements: rows<unknown>("nodes.snp.measurements"),
    snpHostData: rows<unknown>("nodes.snp.host_data"),
    snpUvmEndorsements: rows<unknown>("nodes.snp.uvm_endorsements"),
    snpTcbVersions: rows<unknown>("nodes.snp.tcb_versions"),
    jwtIssuers: rows<JwtIssuer>("jwt.issuers"),
    jwtKeys: rows<readonly JwtSigningKey[]>("jwt.public_signing_keys_metadata_v2"),
    caCertBundles: rows<string>("tls.ca_cert_bundles"),
    recoveryShares: new Single<RecoveryShares>(tx, "public:ccf.internal.recovery_shares", json()),
    signature: new Single<{ readonly root: string }>(tx, "public:ccf.internal.signatures", json()),
  };
};

export type Tables = ReturnType<typeof tables>;
