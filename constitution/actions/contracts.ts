import { acceptedContracts } from "../../src/kv/tables.js";
import { ID } from "../../src/model/ids.js";
import { action } from "../action.js";
import { matching, objectWith, optional, string, truthy } from "../arguments.js";
import { finalVotes } from "../proposals.js";

const ContractId = matching(new RegExp(ID.pattern), "1 to 128 letters, digits and . _ ~ -, beginning with a letter or digit");

/*! A contract as a member read it from the application; of its fields, only the data are agreed upon. */
const Contract = objectWith({ data: truthy, id: optional(string) });

/*! Makes a contract final: what it says, by which proposal, and who voted how. It can never be changed or removed. */
action(
  "set_contract",
  { contractId: ContractId, contract: Contract },
  {
    validate: ({ contractId, contract }) => {
      if ((contract.id ?? contractId) !== contractId) throw new Error("contract.id differs from contractId");
    },
    apply: ({ contractId, contract }, proposalId) => {
      // Such a proposal has been rejected when it was made (rules.ts): this holds even if a rule should ever be wrong.
      if (acceptedContracts.has(contractId)) throw new Error(`the contract ${contractId} is accepted already`);
      acceptedContracts.set(contractId, { data: contract.data, proposalId, finalVotes: finalVotes(proposalId) });
    },
  },
);
