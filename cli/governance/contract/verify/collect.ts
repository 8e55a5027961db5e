import { getContract } from "../../../../client/contracts.js";
import { getProposalHistory } from "../../../../client/governance/history.js";
import { listMembers } from "../../../../client/governance/members.js";
import { getReceipt } from "../../../../client/receipt.js";
import type { Session } from "../../../../client/session.js";
import { CommandError } from "../../../failure.js";
import type { Evidence, Recorded } from "./evidence.js";
import { readLedger, type Found } from "./ledger.js";

/**
 * Asks a service for all that shows that a contract was agreed upon.
 *
 * @param ledger a directory with the ledger of the service
 * @throws CommandError where the contract is not accepted
 */
export async function collect(session: Session, id: string, ledger: string | undefined): Promise<Evidence> {
  const contract = await getContract(session, id);
  if (contract.state !== "Accepted") throw new CommandError(`contract "${id}" is not accepted: it is a ${contract.state}`);
  const { proposalId, version } = contract;
  const history = await getProposalHistory(session, proposalId);
  const found: Found = ledger === undefined ? { entries: new Map(), certificates: new Map() } : await readLedger(ledger, proposalId);
  const transactions: Recorded[] = [];
  for (const transaction of new Set([...found.entries.keys(), version])) {
    const entry = found.entries.get(transaction);
    transactions.push({ id: transaction, receipt: await getReceipt(session, transaction), ...(entry !== undefined && { entry }) });
  }

  const { value: members } = await listMembers(session);
  const known = new Map([...found.certificates, ...members.map(({ memberId, certificate }) => [memberId, certificate] as const)]);
  const signers = [...known].map(([memberId, certificate]) => {
    const identifier = members.find((member) => member.memberId === memberId)?.memberData?.identifier;
    return { memberId, certificate, ...(identifier !== undefined && { identifier }) };
  });
  return { contract, signers, history, transactions };
}
