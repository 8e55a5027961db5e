import { createHash, generateKeyPairSync, X509Certificate } from "node:crypto";
import { buildSync } from "esbuild";
import type { Action } from "../../constitution/proposal.js";
import { Constitution } from "../../sandbox/enclave/gov/constitution.js";
import { writeGenesis } from "../../sandbox/enclave/gov/genesis.js";
import { resolveProposal } from "../../sandbox/enclave/gov/resolution.js";
import { tables, type Tables } from "../../sandbox/enclave/gov/tables.js";
import { Identity } from "../../sandbox/enclave/identity.js";
import { createEngine } from "../../sandbox/enclave/js/engine.js";
import { cryptoFunctions } from "../../sandbox/enclave/js/globals/crypto/index.js";
import { DEFAULT_RUNTIME_OPTIONS, type Consensus, type ScriptEngine } from "../../sandbox/enclave/js/host.js";
import { Store } from "../../sandbox/enclave/kv/store.js";
import type { Transaction } from "../../sandbox/enclave/kv/transaction.js";
import { snpVerifier } from "../../sandbox/enclave/snp/verify.js";
import { newCertificate } from "./certificates.js";

/** The constitution as it is deployed. */
export const constitutionText =
  buildSync({
    entryPoints: ["constitution/index.ts"],
    bundle: true,
    format: "esm",
    target: "es2022",
    legalComments: "inline",
    write: false,
  }).outputFiles[0]?.text ?? "";

const consensus: Consensus = { lastCommitted: () => ({ view: 2, seqno: 1 }), statusOf: () => "Committed", viewOf: () => 2 };
const historical = { range: () => null, drop: () => false };

let engine: Promise<ScriptEngine> | undefined;
const sharedEngine = (): Promise<ScriptEngine> =>
  (engine ??= createEngine({
    services: { consensus, historical, verifySnpAttestation: snpVerifier(), now: () => Date.now(), log: () => undefined },
    cryptoFunctions,
  }));

export type Person = {
  readonly data?: unknown;
  /** Holds a recovery share. */
  readonly recovers?: boolean;
  readonly status?: "Accepted" | "Active";
};

export type Judgement = { readonly valid: unknown; readonly description: unknown; readonly resolution?: unknown };

const JUDGE = `
export function judge(texts, proposerId) {
  return texts.map((text) => {
    const { valid, description } = validate(text);
    return valid ? { valid, description, resolution: resolve(text, proposerId, [], "${"0".repeat(64)}") } : { valid, description };
  });
}`;

/** Somebody by name; keys take time to make, so he is the same in all services. */
class Known {
  readonly certificate: string;
  readonly id: string;
  #encryptionKey: string | undefined;

  constructor(name: string) {
    this.certificate = newCertificate(name).certificate;
    this.id = createHash("sha256").update(new X509Certificate(this.certificate).raw).digest("hex");
  }

  /** Public key for recovery shares, PEM. */
  get encryptionKey(): string {
    return (this.#encryptionKey ??= generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({
      type: "spki",
      format: "pem",
    }) as string);
  }
}

const known = new Map<string, Known>();

const YES = "export function vote (proposal, proposerId) { return true }";
const NO = "export function vote (proposal, proposerId) { return false }";

/**
 * The governance of a service: the built constitution in the sandbox's engine, store and governance, without signatures and HTTP.
 * Members are called by name.
 */
export class GovernedService {
  readonly store = new Store();
  readonly identity = Identity.create({ hosts: ["127.0.0.1"], validFrom: new Date() });
  #proposals = 0;

  private constructor(readonly engine: ScriptEngine) {}

  static async start(people: Readonly<Record<string, Person>>): Promise<GovernedService> {
    const service = new GovernedService(await sharedEngine());
    service.change((tx) => {
      writeGenesis(tx, {
        members: Object.entries(people).map(([name, { data, recovers }]) => ({
          certificate: service.person(name).certificate,
          data,
          encryptionPublicKey: recovers === true ? service.person(name).encryptionKey : undefined,
        })),
        constitution: constitutionText,
        serviceCertificate: service.identity.serviceCertificate,
        transactionId: "2.1",
        recoveryThreshold: Object.values(people).some(({ recovers }) => recovers) ? 1 : 0,
        node: {
          id: service.identity.nodeId,
          certificate: service.identity.nodeCertificate,
          signingRequest: service.identity.nodeSigningRequest(),
          address: "127.0.0.1:0",
        },
      });
      const { memberInfo } = tables(tx);
      for (const [name, { status = "Active" }] of Object.entries(people)) {
        const { id } = service.person(name);
        memberInfo.set(id, { ...memberInfo.get(id), status });
      }
    });
    return service;
  }

  person(name: string): Known {
    let person = known.get(name);
    if (!person) known.set(name, (person = new Known(name)));
    return person;
  }

  id = (name: string): string => this.person(name).id;

  /** Runs within one transaction, which is committed unless `work` throws. */
  change<T>(work: (tx: Transaction) => T): T {
    const tx = this.store.begin();
    const result = work(tx);
    const writes = tx.writeSet();
    const seqno = this.store.seqno + 1;
    this.store.apply(writes, seqno);
    this.identity.secrets.observe(writes, seqno);
    return result;
  }

  read<T>(work: (all: Tables) => T): T {
    return work(tables(this.store.begin()));
  }

  /** The JSON of a row; undefined when there is none. */
  row(table: string, key: string): unknown {
    const bytes = this.store.begin().table(table).get(Buffer.from(key));
    return bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString());
  }

  /** The text of a row; undefined when there is none. */
  text(table: string, key: string): string | undefined {
    const bytes = this.store.begin().table(table).get(Buffer.from(key));
    return bytes && Buffer.from(bytes).toString();
  }

  /** All rows of a table of JSON by their keys. */
  rows(table: string): Record<string, unknown> {
    const found: Record<string, unknown> = {};
    this.store
      .begin()
      .table(table)
      .forEach((value, key) => {
        found[Buffer.from(key).toString()] = JSON.parse(Buffer.from(value).toString());
      });
    return found;
  }

  validate(proposal: string): { readonly valid: unknown; readonly description: unknown } {
    const verdict = new Constitution(this.engine, this.store.begin()).validate(proposal);
    if (verdict.kind === "threw") throw new Error(`validate threw: ${verdict.reason}`);
    return verdict.value.data as { valid: unknown; description: unknown };
  }

  /**
   * What the constitution says of many proposals, each without votes, in one interpreter: most of the time of a single one is spent on
   * reading the constitution. Nothing is stored.
   */
  judge(by: string, texts: readonly string[]): readonly Judgement[] {
    const outcome = this.engine.callGovernance({
      context: "gov-ro",
      tx: this.store.begin(),
      source: constitutionText + JUDGE,
      moduleName: "judge",
      exportName: "judge",
      args: [texts, this.id(by)],
      options: { ...DEFAULT_RUNTIME_OPTIONS, maxExecutionTimeMs: 30_000 },
    });
    if (outcome.kind !== "value") throw new Error(`judge ${outcome.kind}: ${JSON.stringify(outcome)}`);
    return outcome.value.data as readonly Judgement[];
  }

  /** Empty when the actions are valid. */
  problems(...actions: readonly unknown[]): string {
    const { valid, description } = this.validate(JSON.stringify({ actions }));
    if (valid !== (description === "")) throw new Error(`valid is ${String(valid)}, but the description is "${String(description)}"`);
    return description as string;
  }

  /** @throws Error when the proposal is not valid, or when deciding or applying it fails */
  propose(by: string, ...actions: readonly Action[]): { readonly id: string; readonly state: string } {
    return this.proposeText(by, JSON.stringify({ actions }));
  }

  proposeText(by: string, text: string): { readonly id: string; readonly state: string } {
    const problems = this.validate(text);
    if (problems.valid !== true) throw new Error(String(problems.description));
    const id = createHash("sha256").update(`proposal ${this.#proposals++}`).digest("hex");
    const state = this.change((tx) => {
      tables(tx).proposals.set(id, Buffer.from(text));
      return this.#resolve(tx, id, { proposer_id: this.id(by), state: "Open", ballots: {} });
    });
    return { id, state };
  }

  vote(by: string, proposalId: string, ballot: "yes" | "no"): string {
    return this.change((tx) => {
      const info = tables(tx).proposalsInfo.get(proposalId);
      if (info?.state !== "Open") throw new Error(`the proposal is ${info?.state ?? "gone"}`);
      return this.#resolve(tx, proposalId, { ...info, ballots: { ...info.ballots, [this.id(by)]: ballot === "yes" ? YES : NO } });
    });
  }

  /** Proposes, and has these members agree, of whom the first proposes. */
  pass(by: readonly string[], ...actions: readonly Action[]): string {
    const proposal = this.propose(by[0] ?? "", ...actions);
    let state = proposal.state;
    for (const name of by) if (state === "Open") state = this.vote(name, proposal.id, "yes");
    if (state !== "Accepted") throw new Error(`the proposal is ${state}`);
    return proposal.id;
  }

  /** Has these members, who are all the electors, agree to a contract. */
  agreeContract(contractId: string, by: readonly string[] = ["isv"]): void {
    this.pass(by, { name: "set_contract", args: { contractId, contract: { data: "terms" } } });
  }

  state(proposalId: string): string | undefined {
    return this.read(({ proposalsInfo }) => proposalsInfo.get(proposalId)?.state);
  }

  readonly chunkRequests: Transaction[] = [];

  #resolve(tx: Transaction, id: string, info: Parameters<typeof resolveProposal>[4]): string {
    const context = {
      engine: this.engine,
      consensus,
      merkleRoot: () => new Uint8Array(32),
      identity: this.identity,
      recoverySecret: this.identity.recoverySecret(),
      requestLedgerChunk: (of: Transaction) => this.chunkRequests.push(of),
    };
    tables(tx).proposalsInfo.set(id, info);
    const text = Buffer.from(tables(tx).proposals.get(id) ?? "").toString();
    return resolveProposal(context, tx, id, text, info).state;
  }
}
