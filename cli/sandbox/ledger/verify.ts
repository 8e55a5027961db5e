import { verifyService, type ServiceVerification } from "../../../sandbox/ledger.js";
import { command } from "../../command.js";
import { CommandError } from "../../failure.js";
import { directory, inDirectory } from "./directory.js";

type Summary = {
  /** Transactions that a signature covers, the signatures among them. */
  readonly transactions: number;
  /** Transactions after the last signature: not committed, and dropped if the service ended here. */
  readonly unsigned: number;
  readonly signatures: number;
  readonly views: number;
  readonly serviceFingerprint: string;
  /** What the last file ends with, where its writer was stopped, or is, in the middle of a transaction. */
  readonly torn?: string;
};

export default command({
  description:
    "Verifies the ledger of a service from its first byte: form, order and views of all transactions, the Merkle root in every signature, the " +
    "signature itself, and that the service endorsed the node that signed. No key is needed, and the service may be running. Of a ledger " +
    "that is not intact, the first bad byte is named, and the exit status is 1.\n\n" +
    "Compare the fingerprint with one that you have from elsewhere: whoever can write the directory can put another service into it.",
  examples: [
    ["Verify", "cleanroom sandbox ledger verify --dir ./data"],
    ["The fingerprint alone", "cleanroom sandbox ledger verify --dir ./data --query serviceFingerprint --output tsv"],
  ],
  options: { dir: directory },
  text,
  run: async ({ dir }) => summaryOf(await inDirectory(dir, verifyService)),
});

function summaryOf({ signed, unsigned, signatures, views, serviceFingerprint, torn, fault, at }: ServiceVerification): Summary {
  if (fault) {
    const place = at ? `${at.file}, byte ${at.byte}: ` : "";
    throw new CommandError(`${place}transaction ${fault.seqno}: ${fault.reason}`);
  }
  return { transactions: signed, unsigned, signatures, views, serviceFingerprint, ...(torn !== undefined && { torn }) };
}

function text({ transactions, unsigned, signatures, views, serviceFingerprint, torn }: Summary): string {
  const after = [
    ...(unsigned > 0 ? [`${unsigned} more after the last signature`] : []),
    ...(torn === undefined ? [] : [`one only partly written: ${torn}`]),
  ];
  return [
    "The ledger is intact.",
    `Transactions:  ${transactions}${after.length > 0 ? ` (and ${after.join("; ")})` : ""}`,
    `Signatures:    ${signatures}`,
    `Views:         ${views}`,
    `Service:       ${serviceFingerprint} (SHA-256)`,
    "",
  ].join("\n");
}
