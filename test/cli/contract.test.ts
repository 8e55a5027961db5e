import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { consortium } from "./consortium.js";

type Contract = { state: string; version: string; data: unknown; proposalId: string; finalVotes?: { memberId: string; vote: boolean }[] };

test("a contract is drafted, proposed, agreed upon by all three, and then carries their votes", async () => {
  const place = await consortium();
  const show = async (): Promise<Contract> => JSON.parse(await place.as("tdc", "governance contract show --id c1")) as Contract;
  await writeFile(join(place.folder, "contract.yaml"), "grüße: 😀\n");
  expect(await place.as("isv", `governance contract create --id c1 --data @${join(place.folder, "contract.yaml")}`)).toBe("");
  const draft = await show();
  expect(draft).toMatchObject({ state: "Draft", data: "grüße: 😀\n", proposalId: "" });

  const proposal = JSON.parse(await place.as("isv", `governance contract propose --id c1 --version ${draft.version}`)) as object;
  expect(proposal).toMatchObject({ proposalState: "Open", ballotCount: 0 });
  const { proposalId, state } = await show();
  expect(state).toBe("Proposed");

  const vote = `governance contract vote --id c1 --proposal-id ${proposalId} --action accept --query proposalState -o tsv`;
  expect(await place.as("isv", vote)).toBe("Open");
  expect(await place.as("tdp", vote)).toBe("Open");
  expect(await place.as("tdc", vote)).toBe("Accepted");

  const accepted = await show();
  expect(accepted).toMatchObject({ state: "Accepted", data: draft.data, proposalId });
  expect(accepted.finalVotes).toHaveLength(3);
  expect(accepted.finalVotes?.every(({ vote }) => vote)).toBe(true);
  const again = await place.attempt("isv", "governance contract create --id c1 --data other");
  expect(again).toMatchObject({ status: 1, out: "" });
  expect(again.notes).toMatch(/^error: ContractAlreadyAccepted: .*\(HTTP 405\)$/);
});

test("a version that is not the one on the service is refused before anything is proposed", async () => {
  const place = await consortium();
  await place.as("isv", "governance contract create --id c1 --data first");
  const read = await place.as("isv", "governance contract show --id c1 --query version -o tsv");
  await place.as("tdp", `governance contract create --id c1 --data second --version ${read}`);
  const { status, notes } = await place.attempt("isv", `governance contract propose --id c1 --version ${read}`);
  expect(status).toBe(1);
  expect(notes).toMatch(/^error: ContractModified: contract "c1" is at version \d+\.\d+, not /);
  expect(await place.as("isv", "governance proposal list --query length(value[?proposalState=='Open'])")).toBe("0");
});

test("a vote counts only for the proposal that proposes the contract now", async () => {
  const place = await consortium();
  await place.as("isv", "governance contract create --id c1 --data -", "from the standard input");
  const version = await place.as("isv", "governance contract show --id c1 --query version -o tsv");
  const other = "ab".repeat(32);
  const early = await place.attempt("tdp", `governance contract vote --id c1 --proposal-id ${other} --action accept`);
  expect(early.notes).toMatch(/^error: ContractNotProposed: /);

  const id = await place.as("isv", `governance contract propose --id c1 --version ${version} --query proposalId -o tsv`);
  const wrong = await place.attempt("tdp", `governance contract vote --id c1 --proposal-id ${other} --action accept`);
  expect(wrong.notes).toMatch(/^error: ProposalIdMismatch: /);

  expect(await place.as("tdp", `governance contract vote --id c1 --proposal-id ${id} --action reject --query proposalState`)).toBe(
    '"Rejected"',
  );
  expect(await place.as("isv", "governance contract show --id c1 --query state -o tsv")).toBe("Draft");
});

test("what is proposed can be read in full, and be taken back by its proposer alone", async () => {
  const place = await consortium();
  await place.as("isv", "governance contract create --id c1 --data text");
  const version = await place.as("isv", "governance contract show --id c1 --query version -o tsv");
  const id = await place.as("isv", `governance contract propose --id c1 --version ${version} --query proposalId -o tsv`);
  expect(
    await place.as("tdp", `governance proposal show-actions --proposal-id ${id} --query actions[0].[name,args.contract.data] -o tsv`),
  ).toBe("set_contract\ntext");
  expect((await place.attempt("tdp", `governance proposal withdraw --proposal-id ${id}`)).notes).toMatch(/^error: AuthorizationFailed: /);
  expect(await place.as("isv", `governance proposal withdraw --proposal-id ${id} --query proposalState -o tsv`)).toBe("Withdrawn");
  expect(await place.as("isv", `governance proposal show --proposal-id ${id} --query proposalState -o tsv`)).toBe("Withdrawn");
  const unknown = await place.attempt("isv", `governance proposal withdraw --proposal-id ${"cd".repeat(32)}`);
  expect(unknown).toMatchObject({ status: 1, notes: `error: there is no proposal ${"cd".repeat(32)}` });
});

test("contracts are listed by their ids", async () => {
  const place = await consortium();
  for (const id of ["c1", "c2"]) await place.as("isv", `governance contract create --id ${id} --data text`);
  expect((await place.as("tdp", "governance contract list --query value[].id -o tsv")).split("\n").sort()).toEqual(["c1", "c2"]);
  expect((await place.attempt("tdp", "governance contract show --id c3")).notes).toMatch(/^error: ContractNotFound: .*\(HTTP 404\)$/);
});
