import { getContract } from "../../../../client/contracts.js";
import { getProposalHistory } from "../../../../client/governance/history.js";
import { listMembers } from "../../../../client/governance/members.js";
import { getReceipt, type Receipt } from "../../../../client/receipt.js";
import type { Session } from "../../../../client/session.js";
import { CommandError } from "../../../failure.js";
import type { Evidence, Recorded } from "./evidence.js";
import { readLedger, type Found } from "./ledger.js";

export type Collected = {
  readonly evidence: Evidence;
  /** Member id to the identifier that the service has for it now. Nothing proves these: they are no evidence. */
  readonly names: ReadonlyMap<string, string>;
};

/**
 * Asks a service for all that shows that a contract was agreed upon.
 *
 * @param ledger a directory with the ledger of the service
 * @throws CommandError where the contract is not accepted
 */
export async function collect(session: Session, contractId: string, ledger: string | undefined): Promise<Collected> {
  const { id, state, version, data, proposalId, finalVotes = [] } = await getContract(session, contractId);
  if (state !== "Accepted") throw new CommandError(`contract "${id}" is not accepted: it is a ${state}`);
  const history = await getProposalHistory(session, proposalId);
  const found: Found = ledger === undefined ? { entries: new Map(), certificates: new Map() } : await readLedger(ledger, proposalId);
  const transactions: Recorded[] = [];
  for (const transaction of new Set([...found.entries.keys(), version])) {
    const entry = found.entries.get(transaction);
    const receipt = essenceOf(await getReceipt(session, transaction));
    transactions.push({ id: transaction, receipt, ...(entry !== undefined && { entry }) });
  }

  const { value: members } = await listMembers(session);
  const known = new Map([...found.certificates, ...members.map(({ memberId, certificate }) => [memberId, certificate] as const)]);
  const concerned = new Set(finalVotes.map(({ memberId }) => memberId));
  if (found.proposerId !== undefined) concerned.add(found.proposerId);
  return {
    evidence: {
      contract: { id, state, version, data, proposalId, finalVotes },
      signers: [...known].filter(([memberId]) => concerned.has(memberId)).map(([memberId, certificate]) => ({ memberId, certificate })),
      history: history.map(({ seqno, proposalState }) => ({ seqno, proposalState })),
      transactions,
    },
    names: new Map(members.flatMap(({ memberId, memberData }) => namesIn(memberId, memberData?.identifier))),
  };
}

/** Members' data are any JSON. */
function namesIn(memberId: string, identifier: unknown): [string, string][] {
  return typeof identifier === "string" && identifier !== "" ? [[memberId, identifier]] : [];
}

/** What is verified of a receipt; services may say more. */
function essenceOf({ cert, node_id, leaf_components, proof, signature, service_endorsements }: Receipt): Receipt {
  return {
    cert,
    node_id,
    ...(leaf_components && { leaf_components }),
    proof,
    signature,
    ...(service_endorsements && { service_endorsements }),
  };
}
