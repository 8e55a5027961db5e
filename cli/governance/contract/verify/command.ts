import { command, optional } from "../../../command.js";
import { CommandError, UsageError } from "../../../failure.js";
import { harmless } from "../../../../cleanroom/harmless.js";
import { chosenClient, loadProfile } from "../../../profile.js";
import { governanceClient, withProfile } from "../../../session.js";
import { writeWhole } from "../../../wholeFile.js";
import { check, type Verified } from "./check.js";
import { collect } from "./collect.js";
import { readEvidence } from "./evidence.js";

export default command({
  description:
    "Proves that a contract was agreed upon. Fetches the accepted contract, its votes, what became of its proposal, and the receipt of the " +
    "transaction that accepted it; then verifies them without the service, down to the service certificate that the client has pinned.\n\n" +
    "A receipt holds digests alone. With --ledger, a directory that `sandbox start --dir` has written, the text and the votes are compared " +
    "with what has these digests, and the members' own signatures on the proposal and on each vote are verified too. Without, that the text " +
    "is the one of the transaction is the word of the service, over a connection that only the pinned certificate can have. Names of " +
    "members are the word of the service in any case: what is proven is who has the key of a member id.\n\n" +
    "What --save keeps can be verified later by anybody, with --evidence and without the service.",
  examples: [
    ["Verify a contract", "cleanroom governance contract verify --id collab1-ml --governance-client tdp-client"],
    [
      "Verify it to the last signature, and keep the evidence",
      "cleanroom governance contract verify --id collab1-ml --ledger ./data --save evidence.json --governance-client tdp-client",
    ],
    ["Verify what was kept", "cleanroom governance contract verify --evidence evidence.json --governance-client tdp-client"],
  ],
  options: {
    id: optional("--id <id>", "id of the contract"),
    ledger: optional("--ledger <dir>", "directory of the service, with its ledger"),
    save: optional("--save <file>", "keep the evidence, once it has been verified"),
    evidence: optional("--evidence <file>", "verify what was kept, instead of asking the service"),
    governanceClient,
  },
  text,
  run: async ({ id, ledger, save, evidence: kept, governanceClient: client }, io) => {
    if ((id === undefined) === (kept === undefined)) throw new UsageError("give either --id or --evidence");
    if (kept !== undefined && (ledger !== undefined || save !== undefined)) throw new UsageError("--ledger and --save go with --id");
    const profile = await loadProfile(await chosenClient(client, io), io);
    const { evidence, names } =
      id === undefined
        ? { evidence: await readEvidence(kept ?? ""), names: new Map<string, string>() }
        : await withProfile(profile, (session) => collect(session, id, ledger), io.env);
    const verified = check(evidence, profile.serviceCert);
    if (kept !== undefined && verified.boundBy !== "ledger") {
      throw new CommandError(`${kept} was kept without a ledger: its receipt verifies, but nothing in it binds the text to that`);
    }
    if (save !== undefined) await writeWhole(save, `${JSON.stringify(evidence, null, 2)}\n`);
    const votes = verified.votes.map((vote) => ({ ...vote, ...maybeNamed(names.get(vote.memberId)) }));
    return { ...verified, votes };
  },
});

type Shown = Omit<Verified, "votes"> & { readonly votes: readonly (Verified["votes"][number] & Named)[] };

/** The identifier that the service has for a member: its word, which nothing proves. */
type Named = { readonly saidToBe?: string };

const maybeNamed = (name: string | undefined): Named => (name === undefined ? {} : { saidToBe: name });

function text({ contractId, version, dataSha256, proposalId, votes, receipts, serviceFingerprint, boundBy }: Shown): string {
  return [
    `Contract ${contractId} was agreed upon.`,
    `Accepted by:   transaction ${version}`,
    `Text:          sha256:${dataSha256}`,
    `Proposal:      ${proposalId}`,
    ...votes.map(({ memberId, signed, saidToBe }) => `${voteText(signed)}${memberId}${nameText(saidToBe)}`),
    `Receipts:      ${receipts}, which lead to the service ${serviceFingerprint} (SHA-256)`,
    boundBy === "ledger"
      ? "Text, proposal and votes are in the ledger as the receipts say, each signed by its member."
      : "That text and votes are those of the transaction is the word of the service; --ledger proves it.",
    ...(votes.some(({ signed }) => signed === "script")
      ? ["Of a ballot that is a script the text is signed; that it came to a vote for the contract is what the service recorded."]
      : []),
    "",
  ].join("\n");
}

function voteText(signed: Verified["votes"][number]["signed"]): string {
  return signed === "script" ? "Script for it: " : "Vote for it:   ";
}

function nameText(name: string | undefined): string {
  return name === undefined ? "" : ` (said to be "${harmless(name)}" by the service)`;
}
