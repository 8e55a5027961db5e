import { createHash } from "node:crypto";
import { canonicalJson } from "../../../../client/canonicalJson.js";
import { verifyMessage } from "../../../../client/cose.js";
import { memberIdOf, readCertificate } from "../../../../client/identity.js";
import { verifyReceipt } from "../../../../client/receipt.js";
import { showEntry, type ShownTransaction } from "../../../../sandbox/ledger.js";
import { CommandError } from "../../../failure.js";
import { isObject } from "../../../json.js";
import type { Evidence } from "./evidence.js";
import { rowsOf } from "./ledger.js";

export type Verified = {
  readonly contractId: string;
  /** The transaction that accepted it. */
  readonly version: string;
  /** Of the text of the contract, hex. */
  readonly dataSha256: string;
  readonly proposalId: string;
  readonly votes: readonly { readonly memberId: string; readonly identifier?: string; readonly vote: boolean }[];
  /** How many receipts lead to the service. */
  readonly receipts: number;
  /** SHA-256 of the service certificate that they lead to, as OpenSSL prints it. */
  readonly serviceFingerprint: string;
  /**
   * How the text and the votes are known to be those of the transaction: `ledger` where what the ledger holds has the digest in the receipt,
   * and the members' own signatures on proposal and votes verify; `connection` where the service said so.
   */
  readonly boundBy: "ledger" | "connection";
};

/**
 * Verifies evidence with nothing but the certificate of the service.
 *
 * @throws CommandError with the first thing that is wrong; Refusal ReceiptInvalid, SignatureInvalid
 */
export function check(evidence: Evidence, serviceCertificate: string): Verified {
  const { contract, signers, history, transactions } = evidence;
  const { id, version, proposalId, finalVotes = [] } = contract;
  const last = history.at(-1);
  if (last?.proposalState !== "Accepted" || last.seqno !== Number(version.split(".")[1])) {
    throw new CommandError(`proposal ${proposalId} was not accepted by transaction ${version}, which the contract names`);
  }
  if (finalVotes.length === 0) throw new CommandError(`nobody has voted for contract "${id}"`);
  const against = finalVotes.find(({ vote }) => !vote);
  if (against) throw new CommandError(`member ${against.memberId} voted against contract "${id}"`);
  for (const { memberId, certificate } of signers) {
    if (memberIdOf(readCertificate(certificate)) !== memberId) throw new CommandError(`the certificate of member ${memberId} is another's`);
  }

  const contents: ShownTransaction[] = [];
  for (const { id: transaction, receipt, entry } of transactions) {
    const digest = verifyReceipt(receipt, transaction, serviceCertificate);
    if (entry !== undefined) contents.push(contentOf(transaction, Buffer.from(entry, "base64"), digest));
  }
  if (!transactions.some((transaction) => transaction.id === version))
    throw new CommandError(`there is no receipt of transaction ${version}`);
  if (contents.length > 0) checkContents(evidence, contents);

  return {
    contractId: id,
    version,
    dataSha256: sha256(typeof contract.data === "string" ? contract.data : canonicalJson(contract.data)),
    proposalId,
    votes: finalVotes.map(({ memberId, vote }) => {
      const identifier = signers.find((signer) => signer.memberId === memberId)?.identifier;
      return { memberId, ...(identifier !== undefined && { identifier }), vote };
    }),
    receipts: transactions.length,
    serviceFingerprint: readCertificate(serviceCertificate).fingerprint256,
    boundBy: contents.length > 0 ? "ledger" : "connection",
  };
}

function contentOf(transaction: string, entry: Uint8Array, digest: string): ShownTransaction {
  if (sha256(entry) !== digest) throw new CommandError(`the ledger's transaction ${transaction} is not the one that its receipt is of`);
  const content = showEntry(entry);
  if (content.id !== transaction) throw new CommandError(`the ledger's transaction ${transaction} says that it is ${content.id}`);
  return content;
}

/** That the ledger says what the service said, and that the members have signed it. */
function checkContents({ contract, signers }: Evidence, contents: readonly ShownTransaction[]): void {
  const { id, version, data, proposalId, finalVotes = [] } = contract;
  const accepting = contents.find((content) => content.id === version);
  const accepted = accepting && rowsOf(accepting, "public:ccf.gov.accepted_contracts").get(id);
  const votes = Object.fromEntries(finalVotes.map(({ memberId, vote }) => [memberId, vote]));
  if (canonicalJson(accepted ?? null) !== canonicalJson({ data, proposalId, finalVotes: votes })) {
    throw new CommandError(`the ledger's transaction ${version} did not accept this contract with these votes`);
  }

  const proposing = contents.find((content) => rowsOf(content, "public:ccf.gov.proposals").has(proposalId));
  const proposed = proposing && rowsOf(proposing, "public:ccf.gov.proposals").get(proposalId);
  const info = proposing && rowsOf(proposing, "public:ccf.gov.proposals_info").get(proposalId);
  const proposerId = isObject(info) ? String(info.proposer_id) : "";
  const signed = proposing && signedBy(proposing, proposerId);
  if (signed?.type !== "proposal" || canonicalJson(signed.json) !== canonicalJson(proposed ?? null)) {
    throw new CommandError(`the proposer has not signed proposal ${proposalId}`);
  }
  const actions = isObject(proposed) && Array.isArray(proposed.actions) ? (proposed.actions as unknown[]) : [];
  if (!actions.some((action) => proposes(action, id, data))) throw new CommandError(`proposal ${proposalId} is of another text`);

  for (const { memberId } of finalVotes) {
    const ballots = contents.map((content) => signedBy(content, memberId)).filter((message) => message?.type === "ballot");
    if (!ballots.some((ballot) => ballot?.proposalId === proposalId)) {
      throw new CommandError(`member ${memberId} has not signed a vote on proposal ${proposalId}`);
    }
  }

  /** What a member has signed in a transaction. */
  function signedBy(content: ShownTransaction, memberId: string) {
    const envelope = rowsOf(content, "public:ccf.gov.cose_history").get(memberId);
    if (typeof envelope !== "string") return undefined;
    const signer = signers.find((signer) => signer.memberId === memberId);
    if (!signer) throw new CommandError(`the certificate of member ${memberId} is missing`);
    const message = verifyMessage(Buffer.from(envelope, "base64"), signer.certificate);
    return { ...message, json: JSON.parse(Buffer.from(message.payload).toString("utf8")) as unknown };
  }
}

function proposes(action: unknown, contractId: string, data: unknown): boolean {
  if (!isObject(action) || action.name !== "set_contract" || !isObject(action.args)) return false;
  const { contractId: id, contract } = action.args;
  return id === contractId && isObject(contract) && canonicalJson(contract.data) === canonicalJson(data);
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
