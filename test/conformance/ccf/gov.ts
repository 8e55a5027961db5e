import { setTimeout } from "node:timers/promises";
import type { Answer } from "./answer.js";
import type { Bundle } from "./bundle.js";
import type { Client, SignedOptions } from "./client.js";
import { poll } from "./clock.js";
import type { Identity } from "./identity.js";
import type { Members } from "./members.js";
import { act, API, YES, type Action, type Proposal } from "./proposal.js";

/** Governance that scenarios need but do not record: everything here succeeds, or throws. */
export class Governance {
  readonly #client: Client;
  readonly #members: Members;

  constructor(client: Client, members: Members) {
    this.#client = client;
    this.#members = members;
  }

  create(member: Identity, proposal: Proposal): Promise<Answer> {
    return this.#client.cose(`/gov/members/proposals:create?api-version=${API}`, member, JSON.stringify(proposal), { type: "proposal" });
  }

  ballot(member: Identity, id: string, ballot = YES): Promise<Answer> {
    const path = `/gov/members/proposals/${id}/ballots/${member.id}:submit?api-version=${API}`;
    return this.#client.cose(path, member, JSON.stringify({ ballot }), { type: "ballot", proposalId: id });
  }

  withdraw(member: Identity, id: string): Promise<Answer> {
    return this.#client.cose(`/gov/members/proposals/${id}:withdraw?api-version=${API}`, member, "", {
      type: "withdrawal",
      proposalId: id,
    });
  }

  /** Proposes, and votes yes until it is accepted. */
  async pass(actions: Action | readonly Action[], what = "proposal"): Promise<Answer> {
    let answer = await this.create(this.#members[0], { actions: [actions].flat() });
    for (const member of this.#members) {
      if (answer.status !== 200 || answer.field("proposalState") !== "Open") break;
      answer = await this.ballot(member, answer.proposalId);
    }
    if (answer.field("proposalState") !== "Accepted") throw failure(what, answer);
    return answer;
  }

  /** Installs an application. */
  setApp(bundle: Bundle): Promise<Answer> {
    return this.pass(act("set_js_app", { bundle }), "set_js_app");
  }

  /** Activates a member. */
  async acknowledge(member: Identity): Promise<void> {
    const at = (verb: string): string => `/gov/members/state-digests/${member.id}:${verb}?api-version=${API}`;
    const send = (verb: string, payload: string, options: SignedOptions): Promise<Answer> =>
      this.#client.cose(at(verb), member, payload, options);
    let digest = await send("update", "", { type: "state_digest" });
    for (let attempt = 1; digest.status !== 200 && attempt < 100; attempt++) {
      await setTimeout(100); // a service that just started may have signed nothing yet
      digest = await send("update", "", { type: "state_digest" });
    }
    if (digest.status !== 200) throw failure(`state digest of ${member.name}`, digest);
    const ack = await send("ack", JSON.stringify({ stateDigest: digest.field("stateDigest") }), { type: "ack" });
    if (ack.status !== 204) throw failure(`acknowledgement of ${member.name}`, ack);
  }

  /** Makes of a fresh service, or of any, one with active members that is open. */
  async ensureOpen(): Promise<void> {
    for (const member of this.#members) {
      const known = await this.#client.request("GET", `/gov/service/members/${member.id}?api-version=${API}`);
      if (known.field("status") !== "Active") await this.acknowledge(member);
    }
    const info = await this.#client.request("GET", `/gov/service/info?api-version=${API}`);
    if (info.field("status") === "Open") return;
    const opening = await this.pass(act("transition_service_to_open", { next_service_identity: info.field("certificate") }), "open");
    await this.#client.waitCommitted(opening.tx);
    await poll(
      () => this.#client.request("GET", "/app/__none__"),
      ({ error }) => error.code !== "FrontendNotOpen",
    );
  }
}

const failure = (what: string, { status, text, failure }: Answer): Error =>
  new Error(`${what}: ${failure ?? status} ${text.slice(0, 400)}`);
