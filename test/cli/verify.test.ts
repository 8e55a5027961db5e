import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { saveProfile } from "../../cli/profile.js";
import { authority } from "../client/authority.js";
import { consortium } from "../support/consortium.js";
import { commandLine } from "./commandLine.js";

const dir = await mkdtemp(join(tmpdir(), "verify-"));
afterAll(() => rm(dir, { recursive: true, force: true }));
const { place, members } = await consortium({ alice: { identifier: "alice" }, bob: {} }, afterAll, { dir });
const { alice, bob } = members;
const cli = await commandLine(place, members, afterAll);

const data = "datasets: [cowin, icmr]\n";
const contractVerify = ["governance", "contract", "verify"];
const kept = join(cli.folder, "evidence.json");
let proposalId = "";

beforeAll(async () => {
  await alice.putContract("c1", { data });
  ({ proposalId } = await alice.proposeContract("c1"));
  await bob.accept({ proposalId });
  await alice.accept({ proposalId });
  await alice.putContract("draft", { data });
});

describe("contract verify", () => {
  test("leads the transaction that accepted a contract to the service certificate, and says what the service's word is", async () => {
    const { version } = await bob.getContract("c1");
    expect(await cli.json("bob", ...contractVerify, "--id", "c1", "-o", "json")).toEqual({
      contractId: "c1",
      version,
      dataSha256: createHash("sha256").update(data).digest("hex"),
      proposalId,
      votes: expect.arrayContaining([
        { memberId: alice.id, identifier: "alice", vote: true },
        { memberId: bob.id, vote: true },
      ]) as unknown,
      receipts: 1,
      serviceFingerprint: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/) as unknown,
      boundBy: "connection",
    });
    expect(await cli.attempt("bob", ...contractVerify, "--id", "draft")).toEqual({
      status: 1,
      out: "",
      notes: 'error: contract "draft" is not accepted: it is a Draft',
    });
  });

  test("proves by the ledger that every member has signed, and what is kept of it verifies without the service", async () => {
    const text = await cli.as("bob", ...contractVerify, "--id", "c1", "--ledger", dir, "--save", kept);
    expect(text).toMatch(
      /^Contract c1 was agreed upon\.\n.*\nReceipts: +3, .*\nText, proposal and votes are in the ledger as the receipts say, .*$/s,
    );
    const profile = JSON.parse(await readFile(join(cli.folder, "home", "clients", "bob.json"), "utf8")) as Parameters<
      typeof saveProfile
    >[1];
    const io = {
      env: { CLEANROOM_HOME: join(cli.folder, "home") },
      out: () => undefined,
      note: () => undefined,
      stdin: () => Promise.resolve(""),
    };
    const nowhere = join(cli.folder, "absent", "evidence.json");
    expect((await cli.attempt("bob", ...contractVerify, "--id", "c1", "--save", nowhere)).notes).toBe(
      `error: cannot write ${nowhere}: there is no folder ${join(cli.folder, "absent")}`,
    );
    const away = { ...profile, ccfEndpoint: "https://127.0.0.1:1" };
    await saveProfile("away", away, io);
    await saveProfile("elsewhere", { ...away, serviceCert: authority("another service").cert }, io);
    const offline = (name: string) => cli.attempt(name as "bob", ...contractVerify, "--evidence", kept, "-o", "json");
    expect(JSON.parse((await offline("away")).out)).toMatchObject({ contractId: "c1", receipts: 3, boundBy: "ledger" });
    expect((await offline("elsewhere")).notes).toMatch(/^error: ReceiptInvalid: .* the service has not endorsed the node$/);
  });

  test("accepts no evidence in which anything was changed", async () => {
    const original = await readFile(kept, "utf8");
    type Receipt = { leaf_components: Record<string, string>; proof: object[]; signature: string };
    type Evidence = {
      contract: { data: string; version: string; finalVotes: object[] };
      signers: { memberId: string; certificate: string }[];
      history: { seqno: number }[];
      transactions: { id: string; receipt: Receipt; entry?: string }[];
    };
    const changes: [string, (evidence: Evidence) => void][] = [
      ["did not accept this contract with these votes", ({ contract }) => (contract.data = "datasets: [everything]")],
      ["did not accept this contract with these votes", ({ contract }) => contract.finalVotes.pop()],
      ["was not accepted by transaction", ({ contract }) => (contract.version = "2.2")],
      ["was not accepted by transaction", ({ history }) => history.pop()],
      ["is another's", ({ signers: [first, second] }) => first && second && (first.certificate = second.certificate)],
      ["has not signed this root", ({ transactions: [first] }) => first?.receipt.proof.pop()],
      [
        "has not signed this root",
        ({ transactions: [first] }) => first && (first.receipt.leaf_components.claims_digest = "00".repeat(31) + "01"),
      ],
      ["it is of another transaction", ({ transactions: [first, second] }) => first && second && (first.receipt = second.receipt)],
      ["is not the one that its receipt is of", ({ transactions: [first, second] }) => first && (first.entry = second?.entry ?? "")],
      ["the proposer has not signed", ({ transactions }) => transactions.shift()],
      ["has not signed a vote", ({ transactions }) => transactions.splice(1, 1)],
      ["nothing in it binds the text", ({ transactions }) => { for (const transaction of transactions) delete transaction.entry; }], // prettier-ignore
    ];
    for (const [reason, change] of changes) {
      const evidence = JSON.parse(original) as Evidence;
      change(evidence);
      const outcome = await cli.attempt("bob", ...contractVerify, "--evidence", await cli.file("changed.json", evidence));
      expect(outcome, reason).toMatchObject({ status: 1, out: "", notes: expect.stringContaining(reason) as unknown });
    }
  });
});
