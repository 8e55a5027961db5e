import { X509Certificate } from "node:crypto";
import * as contracts from "../../client/contracts.js";
import * as governance from "../../client/governance/proposal.js";
import { activate } from "../../client/governance/members.js";
import { signMessage, type Message } from "../../client/cose.js";
import type { Identity } from "../../client/identity.js";
import { governance as versioned, path, type Session } from "../../client/session.js";
import type { Request } from "../../client/transport.js";
import { call, send, type Answer } from "./answer.js";

/** Somebody with a key and a certificate, connected to the service by mutual TLS: a member, a user, or a stranger. */
export class Party {
  constructor(readonly session: Session<Identity>) {}

  get id(): string {
    return this.session.identity.memberId;
  }

  get certificate(): string {
    return this.session.identity.certificate;
  }

  /** The certificate as a request without a connection carries it. */
  get der(): Uint8Array {
    return new X509Certificate(this.certificate).raw;
  }

  /** Any request, whatever comes of it. */
  call(method: Request["method"], path: string, body?: unknown): Promise<Answer> {
    return call(this.session.transport, method, path, body);
  }

  /** A governance request signed by this party, whatever comes of it. */
  async sign(address: string, message: Message): Promise<Answer> {
    const body = await signMessage(this.session.identity, message);
    return send(this.session.transport, { method: "POST", path: versioned(address), contentType: "application/cose", body });
  }

  /** A ballot of any text, whatever comes of it. */
  cast(ballot: string, { proposalId }: Pick<governance.Proposal, "proposalId">): Promise<Answer> {
    const payload = Buffer.from(JSON.stringify({ ballot }), "utf8");
    return this.sign(path`/gov/members/proposals/${proposalId}/ballots/${this.id}:submit`, { type: "ballot", payload, proposalId });
  }

  activate(): Promise<void> {
    return activate(this.session);
  }

  /** @returns the version of the draft */
  async putContract(id: string, { data, version }: { readonly data: unknown; readonly version?: string }): Promise<string> {
    await contracts.putContract(this.session, id, data, version);
    return (await this.getContract(id)).version;
  }

  getContract(id: string): Promise<contracts.Contract> {
    return contracts.getContract(this.session, id);
  }

  propose(...actions: readonly governance.Action[]): Promise<governance.Proposal> {
    return governance.propose(this.session, actions);
  }

  /** Proposes a contract as it reads it now. */
  async proposeContract(id: string): Promise<governance.Proposal> {
    const { version } = await this.getContract(id);
    return contracts.proposeContract(this.session, id, version);
  }

  accept({ proposalId }: Pick<governance.Proposal, "proposalId">): Promise<governance.Proposal> {
    return governance.vote(this.session, proposalId, "accept");
  }

  reject({ proposalId }: Pick<governance.Proposal, "proposalId">): Promise<governance.Proposal> {
    return governance.vote(this.session, proposalId, "reject");
  }

  withdraw({ proposalId }: Pick<governance.Proposal, "proposalId">): Promise<governance.Proposal | undefined> {
    return governance.withdraw(this.session, proposalId);
  }

  getProposal({ proposalId }: Pick<governance.Proposal, "proposalId">): Promise<governance.Proposal> {
    return governance.getProposal(this.session, proposalId);
  }
}

/** The action that makes a contract final. */
export const setContract = (contractId: string, data: unknown = "terms"): governance.Action => ({
  name: "set_contract",
  args: { contractId, contract: { data } },
});

/** The first proposes, all accept in turn. @throws Error unless that makes it accepted */
export async function agree(parties: readonly [Party, ...Party[]], ...actions: readonly governance.Action[]): Promise<governance.Proposal> {
  let proposal = await parties[0].propose(...actions);
  for (const party of parties) if (proposal.proposalState === "Open") proposal = await party.accept(proposal);
  if (proposal.proposalState !== "Accepted") throw new Error(`proposal ${proposal.proposalId} is ${proposal.proposalState}`);
  return proposal;
}
