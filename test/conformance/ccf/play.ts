import type { Answer } from "./answer.js";
import { bundleOf, operationOf, verbsOf, type Operations } from "./bundle.js";
import type { Client, SignedOptions } from "./client.js";
import type { Governance } from "./gov.js";
import { identity, type Identity, type KeyKind } from "./identity.js";
import { Normaliser } from "./normaliser.js";
import { API, YES, type Proposal } from "./proposal.js";
import type { Members } from "./members.js";
import type { CallOptions, RecordOptions, StepOptions } from "./step.js";
import type { Stage } from "./stage.js";
import { Transcript } from "./transcript.js";

type MemberIndex = 0 | 1 | 2;
type Signer = MemberIndex | Identity;

type SignedStepOptions = SignedOptions & RecordOptions;
/** `ver`: the api-version; null for none. */
type GovernanceOptions = SignedStepOptions & { readonly ver?: string | null };
type BallotOptions = GovernanceOptions & {
  /** Whose ballot the address says it is; the signer's unless given. */
  readonly target?: Identity;
  readonly payload?: string;
};

/** What a scenario plays with. Every method that takes a label makes one request and records it as a step. */
export class Play {
  readonly client: Client;
  readonly gov: Governance;
  readonly members: Members;
  readonly names: Normaliser;
  readonly #transcript: Transcript;
  #operations: Operations = {};

  constructor(readonly stage: Stage) {
    this.client = stage.client;
    this.gov = stage.gov;
    this.members = stage.members;
    this.names = new Normaliser(stage.names, stage.host);
    this.#transcript = new Transcript(this.names);
  }

  get steps(): Transcript["steps"] {
    return this.#transcript.steps;
  }

  /** Records an answer that was had in another way. */
  record(label: string, answer: Answer, options: RecordOptions = {}, request = ""): Answer {
    this.#transcript.answer(label, request, answer, options);
    return answer;
  }

  /** Records a fact that is not a response. */
  note(label: string, fact: unknown, options: RecordOptions = {}): void {
    this.#transcript.note(label, fact, options);
  }

  async req(label: string, method: string, path: string, options: StepOptions = {}): Promise<Answer> {
    return this.record(label, await this.client.request(method, path, options), options, `${method} ${path}`);
  }

  get(label: string, path: string, options?: StepOptions): Promise<Answer> {
    return this.req(label, "GET", path, options);
  }

  /** POST of JSON, or of nothing. */
  post(label: string, path: string, body: object | null, options: StepOptions = {}): Promise<Answer> {
    if (body === null) return this.req(label, "POST", path, options);
    const headers = { "content-type": "application/json", ...options.headers };
    return this.req(label, "POST", path, { ...options, body: JSON.stringify(body), headers });
  }

  async cose(
    label: string,
    path: string,
    signer: Identity,
    payload: string | Uint8Array,
    options: SignedStepOptions = {},
  ): Promise<Answer> {
    const type = typeof options.type === "string" ? ` ${options.type}` : "";
    return this.record(label, await this.client.cose(path, signer, payload, options), options, `POST ${path} [cose ${signer.name}${type}]`);
  }

  // Governance

  /** GET of a path below `/gov`. */
  govGet(label: string, path: string, { ver = API, ...options }: StepOptions & { readonly ver?: string } = {}): Promise<Answer> {
    return this.get(label, `/gov${path}${path.includes("?") ? "&" : "?"}api-version=${ver}`, options);
  }

  create(label: string, signer: Signer, proposal: Proposal | object | string, options: GovernanceOptions = {}): Promise<Answer> {
    const text = typeof proposal === "string" ? proposal : JSON.stringify(proposal);
    const path = `/gov/members/proposals:create${version(options)}`;
    return this.cose(label, path, this.#identity(signer), text, { type: "proposal", ...options });
  }

  ballot(label: string, signer: Signer, id: string, ballot = YES, options: BallotOptions = {}): Promise<Answer> {
    const member = this.#identity(signer);
    const path = `/gov/members/proposals/${id}/ballots/${(options.target ?? member).id}:submit${version(options)}`;
    return this.cose(label, path, member, options.payload ?? JSON.stringify({ ballot }), { type: "ballot", proposalId: id, ...options });
  }

  withdraw(label: string, signer: Signer, id: string, options: GovernanceOptions = {}): Promise<Answer> {
    const path = `/gov/members/proposals/${id}:withdraw${version(options)}`;
    return this.cose(label, path, this.#identity(signer), "", { type: "withdrawal", proposalId: id, ...options });
  }

  #identity(signer: Signer): Identity {
    return typeof signer === "number" ? this.members[signer] : signer;
  }

  // The application

  /** Installs operations; this is not recorded. */
  async install(operations: Operations, prelude?: string): Promise<void> {
    this.#operations = operations;
    await this.gov.setApp(bundleOf(operations, prelude));
  }

  /** Calls an installed operation. */
  async call(name: string, { label, method, path, query, body, ...options }: CallOptions = {}): Promise<Answer> {
    const operation = operationOf(this.#operations[name]);
    const verb = (method ?? verbsOf(operation)[0] ?? "get").toUpperCase();
    const address = `/app${path ?? operation.path ?? `/${name}`}${query ? `?${query}` : ""}`;
    return this.req(label ?? name, verb, address, { ...options, body: encode(body) });
  }

  /** Installs operations and calls each of them once, in order. */
  async callAll(operations: Operations): Promise<void> {
    await this.install(operations);
    for (const [name, operation] of Object.entries(operations)) await this.call(name, operationOf(operation).req);
  }

  /** A user, not yet known to the service, that recordings call by this name. */
  user(name: string, kind: KeyKind = "P-256"): Identity {
    const user = identity(name, kind);
    this.names.setIdentity(user, `user:${name}`);
    return user;
  }
}

const version = ({ ver = API }: GovernanceOptions): string => (ver === null ? "" : `?api-version=${ver}`);

function encode(body: unknown): string | Uint8Array | undefined {
  if (body === undefined || typeof body === "string" || body instanceof Uint8Array) return body;
  return JSON.stringify(body);
}
