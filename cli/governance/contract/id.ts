import { required } from "../../command.js";

/** The contract that a command is about, where it is about something of a contract. */
export const contractId = required("--contract-id <id>", "id of the contract");
