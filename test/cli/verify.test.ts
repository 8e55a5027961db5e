import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { saveProfile } from "../../cli/profile.js";
import { castBallot } from "../../client/governance/proposal.js";
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
        { memberId: alice.id, saidToBe: "alice", vote: true },
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
      /^Contract c1 was agreed upon\.\n.*\nVote for it: +[0-9a-f]{64} \(said to be "alice" by the service\)\n.*Receipts: +3, .*\nText, proposal and votes are in the ledger as the receipts say, .*$/s,
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
    const verified = JSON.parse((await offline("away")).out) as { votes: object[] };
    expect(verified).toMatchObject({ contractId: "c1", receipts: 3, boundBy: "ledger" });
    expect(verified.votes).toHaveLength(2);
    for (const vote of verified.votes) expect(Object.keys(vote)).toEqual(["memberId", "vote", "signed"]);
    expect(verified.votes).toContainEqual({ memberId: alice.id, vote: true, signed: "vote" });
    expect((await offline("elsewhere")).notes).toMatch(/^error: ReceiptInvalid: .* the service has not endorsed the node$/);
  });

  test("accepts no evidence in which any leaf was changed, any field removed or added, or anything put in another order", async () => {
    const original = await readFile(kept, "utf8");
    const accepted: string[] = [];
    let tried = 0;
    const refuses = async (what: string, at: readonly (string | number)[], change: (parent: never, key: never) => void): Promise<void> => {
      const evidence = JSON.parse(original) as Record<string, unknown>;
      const parent = at.slice(0, -1).reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], { evidence });
      change(parent as never, at.at(-1) as never);
      const { status, out, notes } = await cli.attempt("bob", ...contractVerify, "--evidence", await cli.file("changed.json", evidence));
      tried++;
      if (status !== 1 || out !== "" || notes.includes("unexpected") || notes.includes("\n"))
        accepted.push(`${what} ${at.join(".")}: ${notes}`);
    };
    const visit = async (value: unknown, at: readonly (string | number)[]): Promise<void> => {
      type Parent = Record<string | number, unknown>;
      if (typeof value !== "object" || value === null) {
        await refuses("changed", at, (parent: Parent, key: string) => (parent[key] = otherThan(value)));
        await refuses("null", at, (parent: Parent, key: string) => (parent[key] = null));
      } else if (Array.isArray(value)) {
        if (value.length > 1 && at.at(-1) !== "finalVotes" && at.at(-1) !== "signers") {
          await refuses("reversed", at, (parent: Parent, key: string) => (parent[key] as unknown[]).reverse());
        }
        for (const [index, item] of (value as unknown[]).entries()) {
          await refuses("removed", [...at, index], (parent: unknown[], key: number) => parent.splice(key, 1));
          await refuses("doubled", [...at, index], (parent: unknown[], key: number) => parent.splice(key, 0, parent[key]));
          await visit(item, [...at, index]);
        }
      } else {
        await refuses("extended", at, (parent: Parent, key: string) => ((parent[key] as Parent).identifier = "mallory"));
        for (const [key, item] of Object.entries(value)) {
          await refuses("removed", [...at, key], (parent: Parent, key: string) => Reflect.deleteProperty(parent, key));
          await visit(item, [...at, key]);
        }
      }
    };
    await visit(JSON.parse(original), ["evidence"]);
    expect(accepted).toEqual([]);
    expect(tried).toBeGreaterThan(150);
  }, 60_000);

  test("says of a ballot that is a script what is proven", async () => {
    await alice.putContract("c2", { data });
    const proposal = await alice.proposeContract("c2");
    await bob.accept(proposal);
    const script = "export function vote (proposal, proposerId) { return proposerId !== '' }";
    await castBallot(alice.session, proposal.proposalId, script);
    const shown = (await cli.json("bob", ...contractVerify, "--id", "c2", "--ledger", dir, "-o", "json")) as { votes: object[] };
    expect(shown.votes).toContainEqual({ memberId: alice.id, vote: true, signed: "script", saidToBe: "alice" });
    expect(shown.votes).toContainEqual({ memberId: bob.id, vote: true, signed: "vote" });
    const text = await cli.as("bob", ...contractVerify, "--id", "c2", "--ledger", dir);
    expect(text).toContain(`Script for it: ${alice.id}`);
    expect(text).toMatch(/\nOf a ballot that is a script the text is signed; .* is what the service recorded\.$/);
  });

  test("names what was changed", async () => {
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
      ["are not those of its history", ({ transactions }) => transactions.shift()],
      ["are not those of its history", ({ transactions }) => transactions.splice(1, 1)],
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

/** A value of the same kind; of a text one character in the middle is another. */
function otherThan(value: unknown): unknown {
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  const text = String(value);
  const middle = Math.floor(text.length / 2);
  return text.slice(0, middle) + (text[middle] === "1" ? "2" : "1") + text.slice(middle + 1);
}
