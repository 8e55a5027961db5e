import { afterAll, describe, expect, test } from "vitest";
import type { Action } from "../../client/governance/proposal.js";
import type { Request } from "../../client/transport.js";
import { call, refusal } from "../support/answer.js";
import { consortium } from "../support/consortium.js";
import { agree, setContract, type Party } from "../support/party.js";

const { place, members } = await consortium({ alice: {}, bob: {} }, afterAll);
const { alice, bob } = members;
const user = place.stranger("user");
await agree([alice, bob], { name: "set_user", args: { cert: user.certificate } });
await agree([alice, bob], setContract("agreed"), setContract("other"));

const mallory = place.stranger("mallory");
const anybody = { call: (method: Request["method"], path: string) => call(place.anonymous, method, path) };
type Reader = Pick<Party, "call">;

/** What all of these readers are answered, in every spelling. */
async function read(contractId: string, name: string, readers: Readonly<Record<"GET" | "POST", readonly Reader[]>>): Promise<unknown> {
  const answers = (["GET", "POST"] as const).flatMap((method) =>
    readers[method].map((reader) => reader.call(method, `/app/contracts/${contractId}/${name}`)),
  );
  const [first, ...others] = await Promise.all(answers);
  expect(first).toMatchObject({ status: 200 });
  for (const other of others) expect(other).toMatchObject({ status: 200, body: first?.body });
  return first?.body;
}

const known = [alice, user] as const;
const everybody = [alice, user, anybody, mallory] as const;

describe.each([
  {
    name: "deploymentspec",
    readers: { GET: known, POST: everybody },
    set: (contractId: string, data: unknown): Action => ({ name: "set_deployment_spec", args: { contractId, spec: { data } } }),
  },
  {
    name: "deploymentinfo",
    readers: { GET: [], POST: everybody },
    set: (contractId: string, data: unknown): Action => ({ name: "set_deployment_info", args: { contractId, info: { data } } }),
  },
])("$name", ({ name, readers, set }) => {
  test("is empty while there is none, also for a contract that there is not", async () => {
    for (const id of ["agreed", "unknown"]) expect(await read(id, name, readers)).toEqual({ proposalIds: [], data: {} });
  });

  test("shows what was agreed on last, and the open proposals to change it", async () => {
    const first = { armTemplate: { resources: [{ name: "ccr" }] } };
    await agree([alice, bob], set("agreed", first));
    expect(await read("agreed", name, readers)).toEqual({ proposalIds: [], data: { armTemplate: { resources: [{ name: "ccr" }] } } });

    const { proposalId } = await bob.propose(set("agreed", "second"));
    expect(await read("agreed", name, readers)).toMatchObject({ proposalIds: [proposalId], data: { armTemplate: {} } });
    expect(await read("other", name, readers)).toEqual({ proposalIds: [], data: {} });
    await alice.accept({ proposalId });
    await bob.accept({ proposalId });
    expect(await read("agreed", name, readers)).toEqual({ proposalIds: [], data: "second" });
  });
});

describe("cleanroompolicy", () => {
  const readers = { GET: known, POST: known };
  const change = (type: "add" | "remove", claims: unknown): Action => ({
    name: "set_clean_room_policy",
    args: { contractId: "agreed", type, claims },
  });
  const [one, two] = ["11", "22"].map((byte) => byte.repeat(32));

  test("is empty while no clean room is let in", async () => {
    for (const id of ["agreed", "unknown"]) expect(await read(id, "cleanroompolicy", readers)).toEqual({ proposalIds: [], policy: {} });
  });

  test("shows each claim with the list of accepted values, and the open proposals to change it", async () => {
    await agree([alice, bob], change("add", { "x-ms-sevsnpvm-is-debuggable": false, "x-ms-sevsnpvm-hostdata": one }));
    const { proposalId } = await bob.propose(change("add", { "x-ms-sevsnpvm-hostdata": [two] }));
    const before = { "x-ms-sevsnpvm-is-debuggable": [false], "x-ms-sevsnpvm-hostdata": [one] };
    expect(await read("agreed", "cleanroompolicy", readers)).toEqual({ proposalIds: [proposalId], policy: before });
    expect(await read("other", "cleanroompolicy", readers)).toEqual({ proposalIds: [], policy: {} });

    await alice.accept({ proposalId });
    await bob.accept({ proposalId });
    const after = { ...before, "x-ms-sevsnpvm-hostdata": [one, two] };
    expect(await read("agreed", "cleanroompolicy", readers)).toEqual({ proposalIds: [], policy: after });
  });

  test("is for members and users: newer clients may read the other two without a certificate, this one not", async () => {
    for (const reader of [anybody, mallory]) {
      for (const method of ["GET", "POST"] as const) {
        const answer = await reader.call(method, "/app/contracts/agreed/cleanroompolicy");
        expect(answer).toMatchObject(refusal(401, "InvalidAuthenticationInfo"));
      }
      expect(await reader.call("GET", "/app/contracts/agreed/deploymentspec")).toMatchObject(refusal(401, "InvalidAuthenticationInfo"));
    }
  });
});
