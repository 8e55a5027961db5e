import { Refusal } from "./errors.js";
import { propose, vote, type Proposal, type Vote } from "./governance/proposal.js";
import { getJson, path, write, type Session } from "./session.js";

export type Contract = {
  readonly id: string;
  /** `view.seqno`; names what was read, so that nobody overwrites or proposes what they have not seen. */
  readonly version: string;
  readonly state: "Draft" | "Proposed" | "Accepted";
  readonly data: unknown;
  /** Empty for a draft. */
  readonly proposalId: string;
  /** Of an accepted contract. */
  readonly finalVotes?: readonly { readonly memberId: string; readonly vote: boolean }[];
};

/**
 * Writes a draft.
 *
 * @param version of the draft that is to be replaced; none for a new one
 * @throws ServiceError ContractAlreadyAccepted (405), ContractAlreadyExists (409), PreconditionFailed (412)
 */
export async function putContract(session: Session, id: string, data: unknown, version?: string): Promise<void> {
  await write(session, "PUT", path`/app/contracts/${id}`, { ...(version !== undefined && { version }), data });
}

/** @throws ServiceError ContractNotFound (404) */
export function getContract({ transport }: Session, id: string): Promise<Contract> {
  return getJson(transport, path`/app/contracts/${id}`);
}

export function listContracts({ transport }: Session): Promise<{ readonly value: readonly { readonly id: string }[] }> {
  return getJson(transport, "/app/contracts");
}

/**
 * Proposes a draft: from now on its text is fixed.
 *
 * @param version that the proposer has read
 * @throws Refusal ContractModified when the draft has changed since; ContractAlreadyProposed, ContractAlreadyAccepted
 */
export async function proposeContract(session: Session, id: string, version: string): Promise<Proposal> {
  const contract = await getContract(session, id);
  if (contract.version !== version) {
    throw new Refusal("ContractModified", `contract "${id}" is at version ${contract.version}, not ${version}: read it again`);
  }
  if (contract.state === "Accepted") throw new Refusal("ContractAlreadyAccepted", `contract "${id}" is accepted and can no longer change`);
  if (contract.state === "Proposed") {
    throw new Refusal("ContractAlreadyProposed", `contract "${id}" is proposed already, by ${contract.proposalId}: vote on that`);
  }
  return propose(session, [{ name: "set_contract", args: { contractId: id, contract } }]);
}

/**
 * Votes on a proposed contract.
 *
 * @param proposalId that the voter has seen; it must be the one that proposes this contract now
 * @throws Refusal ContractNotProposed, ProposalIdMismatch
 */
export async function voteOnContract(session: Session, id: string, proposalId: string, choice: Vote): Promise<Proposal> {
  const contract = await getContract(session, id);
  if (contract.proposalId === "") throw new Refusal("ContractNotProposed", `contract "${id}" is not proposed: it is a ${contract.state}`);
  if (contract.proposalId !== proposalId) {
    throw new Refusal("ProposalIdMismatch", `contract "${id}" is proposed by ${contract.proposalId}, not by ${proposalId}`);
  }
  return vote(session, proposalId, choice);
}
