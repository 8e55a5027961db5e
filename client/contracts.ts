import { list, proposeDraft, read, voteOn, writeDraft, type Agreed, type Kind } from "./agreement.js";
import type { Proposal, Vote } from "./governance/proposal.js";
import type { Session } from "./session.js";

export type Contract = Agreed;

const contracts: Kind<Contract> = {
  noun: "contract",
  code: "Contract",
  address: "/app/contracts",
  accept: (contractId, contract) => ({ name: "set_contract", args: { contractId, contract } }),
  acceptedBy: ["set_contract"],
  idArgument: "contractId",
};

/** Writes a draft; see `writeDraft`. */
export function putContract(session: Session, id: string, data: unknown, version?: string): Promise<void> {
  return writeDraft(session, contracts, id, { data }, version);
}

/** @throws ServiceError ContractNotFound (404) */
export function getContract(session: Session, id: string): Promise<Contract> {
  return read(session, contracts, id);
}

export function listContracts(session: Session): ReturnType<typeof list> {
  return list(session, contracts);
}

/** See `proposeDraft`. */
export function proposeContract(session: Session, id: string, version: string): Promise<Proposal> {
  return proposeDraft(session, contracts, id, version);
}

/** See `voteOn`. */
export function voteOnContract(session: Session, id: string, proposalId: string, choice: Vote): Promise<Proposal> {
  return voteOn(session, contracts, id, proposalId, choice);
}
