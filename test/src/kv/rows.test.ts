import { beforeAll, expect, test } from "vitest";
import { Application, memberId } from "../application.js";

let app: Application;
beforeAll(async () => {
  app = await Application.start();
});

const list = (query = "") => (app.call("get", "/contracts", { query }).body as { value: { id: string }[] }).value.map(({ id }) => id);
const idOf = (n: number) => n.toString(16).padStart(64, "0");
const propose = (n: number, state: string, id: string) => {
  app.propose(idOf(n), state, { name: "set_contract", args: { contractId: id, contract: { data: n } } });
};

test("a table is read as a whole whether it has no rows, one or many", () => {
  expect(list()).toEqual([]);
  propose(0, "Open", "only");
  expect(list()).toEqual(["only"]);
  for (let n = 1; n < 40; n++) propose(n, n % 3 === 0 ? "Rejected" : "Open", `p-${n}`);
  expect(list("state=Proposed")).toHaveLength(1 + 26);
});

test("what members wrote into a ballot cannot make a closed proposal look open, nor move another", () => {
  const ballots = { [memberId("bob")]: '"},{"state":"Open"}\n,\\", "state":"Open"' };
  app.propose(idOf(100), "Rejected", { name: "set_contract", args: { contractId: "forged", contract: { data: 1 } } });
  app.govern("proposals_info", idOf(100), { ballots, proposer_id: memberId("alice"), state: "Rejected" });
  propose(101, "Open", "after");
  expect(list("state=Proposed")).not.toContain("forged");
  expect(list("state=Proposed")).toContain("after");
  const { body } = app.call("get", "/contracts/{contractId}", { params: { contractId: "after" } });
  expect(body).toMatchObject({ state: "Proposed", data: 101, proposalId: idOf(101) });
});

test("a read knows a contract among more open proposals than an interpreter remembers", () => {
  for (let n = 1000; n < 3200; n++) propose(n, "Open", `many-${n}`);
  for (const n of [1000, 3199, 1000]) {
    expect(app.call("get", "/contracts/{contractId}", { params: { contractId: `many-${n}` } }).body).toMatchObject({ proposalId: idOf(n) });
  }
});
