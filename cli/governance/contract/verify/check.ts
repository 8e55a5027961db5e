import { createHash } from "node:crypto";
import { canonicalJson } from "../../../../client/canonicalJson.js";
import { verifyMessage } from "../../../../client/cose.js";
import { memberIdOf, readCertificate } from "../../../../client/identity.js";
import { verifyReceipt } from "../../../../client/receipt.js";
import { showEntry, type ShownTransaction } from "../../../../sandbox/ledger.js";
import { CommandError } from "../../../failure.js";
import { isObject, type JsonObject } from "../../../json.js";
import type { Evidence } from "./evidence.js";
import { rowsOf } from "./ledger.js";

export type Verified = {
  readonly contractId: string;
  /** The transaction that accepted it. */
  readonly version: string;
  /** Of the text of the contract, hex. */
  readonly dataSha256: string;
  readonly proposalId: string;
  readonly votes: readonly {
    readonly memberId: string;
    readonly vote: boolean;
    /**
     * With the ledger, what the member has signed: the `vote` itself, or a `script` that decides, of which the service recorded what it came
     * to.
     */
    readonly signed?: "vote" | "script";
  }[];
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
  if (last?.proposalState !== "Accepted" || last.seqno !== seqnoOf(version)) {
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
    if (entry !== undefined) contents.push(contentOf(transaction, entry, digest));
  }
  if (!transactions.some((transaction) => transaction.id === version))
    throw new CommandError(`there is no receipt of transaction ${version}`);
  const unbound = transactions.find(({ entry }) => entry === undefined);
  if (contents.length > 0 && unbound)
    throw new CommandError(`of transaction ${unbound.id} there is a receipt, but not what is in the ledger`);
  const ballots = contents.length > 0 ? checkContents(evidence, contents) : new Map<string, "vote" | "script">();

  return {
    contractId: id,
    version,
    dataSha256: sha256(typeof contract.data === "string" ? contract.data : canonicalJson(contract.data)),
    proposalId,
    votes: finalVotes.map(({ memberId, vote }) => {
      const signed = ballots.get(memberId);
      return { memberId, vote, ...(signed && { signed }) };
    }),
    receipts: transactions.length,
    serviceFingerprint: readCertificate(serviceCertificate).fingerprint256,
    boundBy: contents.length > 0 ? "ledger" : "connection",
  };
}

function contentOf(transaction: string, base64: string, digest: string): ShownTransaction {
  const entry = Buffer.from(base64, "base64");
  if (sha256(entry) !== digest || entry.toString("base64") !== base64)
    throw new CommandError(`the ledger's transaction ${transaction} is not the one that its receipt is of`);
  const content = showEntry(entry);
  if (content.id !== transaction) throw new CommandError(`the ledger's transaction ${transaction} says that it is ${content.id}`);
  return content;
}

/** That the ledger says what the service said, and that the members have signed it. @returns by member id what the member has signed */
function checkContents({ contract, signers, history }: Evidence, contents: readonly ShownTransaction[]): Map<string, "vote" | "script"> {
  const { id, version, data, proposalId, finalVotes = [] } = contract;
  const infoOf = (content: ShownTransaction | undefined): JsonObject => {
    const info = content && rowsOf(content, "public:ccf.gov.proposals_info").get(proposalId);
    return isObject(info) ? info : {};
  };
  const steps = contents.map((content) => ({ seqno: seqnoOf(content.id), proposalState: infoOf(content).state }));
  const ordered = steps.every(({ seqno }, index) => index === 0 || seqno > (steps[index - 1]?.seqno ?? 0));
  if (!ordered || canonicalJson(steps) !== canonicalJson(history)) {
    throw new CommandError(`the transactions of proposal ${proposalId} in the ledger are not those of its history`);
  }
  const accepting = contents.find((content) => content.id === version);
  const accepted = accepting && rowsOf(accepting, "public:ccf.gov.accepted_contracts").get(id);
  const votes = Object.fromEntries(finalVotes.map(({ memberId, vote }) => [memberId, vote]));
  if (canonicalJson(accepted ?? null) !== canonicalJson({ data, proposalId, finalVotes: votes })) {
    throw new CommandError(`the ledger's transaction ${version} did not accept this contract with these votes`);
  }

  const proposing = contents.find((content) => rowsOf(content, "public:ccf.gov.proposals").has(proposalId));
  const proposed = proposing && rowsOf(proposing, "public:ccf.gov.proposals").get(proposalId);
  const proposerId = String(infoOf(proposing).proposer_id);
  const signed = proposing && signedBy(proposing, proposerId);
  if (signed?.type !== "proposal" || canonicalJson(signed.json) !== canonicalJson(proposed ?? null)) {
    throw new CommandError(`the proposer has not signed proposal ${proposalId}`);
  }
  const actions = isObject(proposed) && Array.isArray(proposed.actions) ? (proposed.actions as unknown[]) : [];
  if (!actions.some((action) => proposes(action, id, data))) throw new CommandError(`proposal ${proposalId} is of another text`);

  const superfluous = signers.find(({ memberId }) => memberId !== proposerId && !(memberId in votes));
  if (superfluous) throw new CommandError(`member ${superfluous.memberId} has neither made nor voted on proposal ${proposalId}`);

  const { ballots } = infoOf(accepting);
  return new Map(
    finalVotes.map(({ memberId, vote }) => {
      const messages = contents.map((content) => signedBy(content, memberId));
      const signed = messages.find((message) => message?.type === "ballot" && message.proposalId === proposalId);
      if (!signed) throw new CommandError(`member ${memberId} has not signed a vote on proposal ${proposalId}`);
      const script = isObject(signed.json) ? signed.json.ballot : undefined;
      if (typeof script !== "string" || !isObject(ballots) || ballots[memberId] !== script) {
        throw new CommandError(`the ballot of member ${memberId} in the ledger is not the one that the member has signed`);
      }
      const said = constantOf(script);
      if (said !== undefined && said !== vote) {
        throw new CommandError(
          `member ${memberId} has signed the vote "${said ? "accept" : "reject"}" on proposal ${proposalId}; the opposite is recorded`,
        );
      }
      return [memberId, said === undefined ? "script" : "vote"];
    }),
  );

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

/** What a ballot comes to, where it is written for everybody to see: a function that does nothing but return it. */
function constantOf(script: string): boolean | undefined {
  const found = /^\s*export\s+function\s+vote\s*\(\s*(?:\w+\s*(?:,\s*\w+\s*)?)?\)\s*\{\s*return\s+(true|false)\s*;?\s*\}\s*;?\s*$/.exec(
    script,
  );
  return found ? found[1] === "true" : undefined;
}

function seqnoOf(transaction: string): number {
  return Number(transaction.split(".")[1]);
}

function proposes(action: unknown, contractId: string, data: unknown): boolean {
  if (!isObject(action) || action.name !== "set_contract" || !isObject(action.args)) return false;
  const { contractId: id, contract } = action.args;
  return id === contractId && isObject(contract) && canonicalJson(contract.data) === canonicalJson(data);
}

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}
