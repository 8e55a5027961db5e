import { acceptedContracts, tokenSubjects } from "../../src/kv/tables.js";
import { action } from "../action.js";
import { id, objectWith, optional, string, truthy } from "../arguments.js";
import { finalVotes } from "../proposals.js";

/*! A contract as a member read it from the application; of its fields, only the data are agreed upon. */
const Contract = objectWith({ data: truthy, id: optional(string) });

/*! Makes a contract final: what it says, by which proposal, and who voted how. It can never be changed or removed. */
action(
  "set_contract",
  { contractId: id, contract: Contract },
  {
    validate: ({ contractId, contract }) => {
      if ((contract.id ?? contractId) !== contractId) throw new Error("contract.id differs from contractId");
      // Tokens name a contract by its id: it must not get those of a subject that belongs to another (oidc.ts).
      const owner = tokenSubjects.get(contractId)?.contractId ?? contractId;
      if (owner !== contractId) throw new Error(`contractId ${contractId} is a token subject of the contract ${owner}`);
    },
    effect: ({ contractId, contract }, proposalId) => {
      // Such a proposal has been rejected when it was made (rules.ts): this holds even if a rule should ever be wrong.
      if (acceptedContracts.has(contractId)) throw new Error(`the contract ${contractId} is accepted already`);
      acceptedContracts.set(contractId, { data: contract.data, proposalId, finalVotes: finalVotes(proposalId) });
    },
  },
);
