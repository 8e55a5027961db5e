import { createHash } from "node:crypto";
import { governanceEndpoints } from "../../../sandbox/enclave/frontends/gov.js";
import { parseQuery } from "../../../sandbox/enclave/frontends/endpoint.js";
import type { GovernanceContext } from "../../../sandbox/enclave/gov/context.js";
import { writeGenesis, type GenesisOptions } from "../../../sandbox/enclave/gov/genesis.js";
import { tables, type Tables } from "../../../sandbox/enclave/gov/tables.js";
import { CcfError } from "../../../sandbox/enclave/http/errors.js";
import type { HttpRequest, HttpResponse } from "../../../sandbox/enclave/http/message.js";
import type { ScriptEngine } from "../../../sandbox/enclave/js/host.js";
import type { Transaction } from "../../../sandbox/enclave/kv/transaction.js";
import type { Ledger } from "../../../sandbox/enclave/ledger/ledger.js";
import { memoryLedger, newIdentity } from "../ledger/service.js";
import { signed, type Changes, type Person } from "./signing.js";

/** For tests in which no script may run. */
const noScripts: ScriptEngine = {
  callGovernance: () => {
    throw new Error("a script ran");
  },
  callEndpoint: () => {
    throw new Error("a script ran");
  },
};

export type Options = {
  readonly members: readonly GenesisOptions["members"][number][];
  readonly constitution?: string;
  readonly engine?: ScriptEngine;
};

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  readonly json: unknown;
};

/** Governance over a real ledger in memory, called without a network. */
export class GovernanceService {
  readonly identity = newIdentity();
  readonly recoverySecret = createHash("sha256").update("the secret of this ledger").digest();
  readonly ledger: Ledger = memoryLedger({ identity: this.identity });
  readonly chunkRequests: Transaction[] = [];
  readonly context: GovernanceContext;
  readonly #endpoints;

  constructor({ members, constitution = "", engine = noScripts }: Options) {
    this.context = {
      engine,
      consensus: this.ledger,
      merkleRoot: () => this.ledger.root(),
      identity: this.identity,
      recoverySecret: this.recoverySecret,
      requestLedgerChunk: (tx) => this.chunkRequests.push(tx),
    };
    this.#endpoints = governanceEndpoints(this.context);
    this.write((tx) => {
      writeGenesis(tx, {
        members,
        constitution,
        serviceCertificate: this.identity.serviceCertificate,
        transactionId: "2.1",
        node: {
          id: this.identity.nodeId,
          certificate: this.identity.nodeCertificate,
          signingRequest: this.identity.nodeSigningRequest(),
          address: "127.0.0.1:8000",
        },
      });
    });
    this.ledger.sign();
  }

  /** A transaction outside any request. */
  write(change: (tx: Transaction) => void): void {
    const tx = this.ledger.store.begin();
    change(tx);
    this.ledger.commit(tx);
  }

  get tables(): Tables {
    return tables(this.ledger.store.begin());
  }

  get(path: string, version = "2024-07-01"): Answer {
    return this.send({
      method: "GET",
      path: path.split("?")[0] ?? "",
      query: `${path.split("?")[1] ?? ""}&api-version=${version}`,
      headers: {},
      body: new Uint8Array(),
    });
  }

  post(path: string, signer: Person, payload: string, changes: Changes): Answer {
    const headers = { "content-type": "application/cose" };
    return this.send({ method: "POST", path, query: "api-version=2024-07-01", headers, body: signed(signer, payload, changes) });
  }

  /** As the service around the endpoints does it. */
  send(request: HttpRequest): Answer {
    const tx = this.ledger.store.begin();
    let response: HttpResponse;
    try {
      const match = this.#endpoints.find(request.method, request.path);
      if ("allow" in match) throw new Error("not an operation");
      response = match.target({ request, params: match.params, query: parseQuery(request.query), tx });
      if (response.status < 300 && tx.touched) this.ledger.commit(tx);
    } catch (error) {
      if (!(error instanceof CcfError)) throw error;
      response = error.toResponse();
    }
    const text = Buffer.from(response.body ?? "").toString();
    const isJson = response.headers["content-type"] === "application/json";
    return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined };
  }

  acknowledge(member: Person): Answer {
    const path = `/members/state-digests/${member.id}`;
    const { stateDigest } = this.post(`${path}:update`, member, "", { type: "state_digest" }).json as { stateDigest: string };
    return this.post(`${path}:ack`, member, JSON.stringify({ stateDigest }), { type: "ack" });
  }
}
