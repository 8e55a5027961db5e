import { afterAll, describe, expect, test } from "vitest";
import type { Action } from "../../client/governance/proposal.js";
import { refusal } from "../support/answer.js";
import { consortium } from "../support/consortium.js";
import { agree, setContract } from "../support/party.js";
import { SERVICE_OPTIONS } from "../../src/model/options.js";
import { enabled, notAccepted, statusOf } from "./statuses.js";

const { place, members } = await consortium({ alice: {}, bob: {}, oscar: { isOperator: true } }, afterAll);
const { alice, bob, oscar } = members;
const user = place.stranger("user");
await alice.putContract("drafted", { data: "terms" });
await agree([alice, bob], { name: "set_user", args: { cert: user.certificate } });

describe.each(["logging", "telemetry"] as const)("%s", (option) => {
  const contractId = `agreed-${option}`;
  const turn = (verb: "enable" | "disable", id = contractId): Action => ({
    name: `set_contract_runtime_options_${verb}_${option}`,
    args: { contractId: id },
  });
  const is = (status: string, ...proposals: readonly { readonly proposalId: string }[]) => ({
    status,
    proposalIds: proposals.map(({ proposalId }) => proposalId),
  });

  test("is disabled until the contract is accepted, and after that until all members agree on it", async () => {
    for (const id of ["drafted", "unknown"]) expect(await statusOf(alice, id, option)).toEqual(notAccepted);
    await agree([alice, bob], setContract(contractId), setContract(`${contractId}-other`));
    expect(await statusOf(alice, contractId, option)).toEqual(is("disabled"));

    const proposal = await alice.propose(turn("enable"));
    expect(await statusOf(bob, contractId, option)).toEqual(is("disabled", proposal));
    expect(await statusOf(alice, `${contractId}-other`, option)).toEqual(is("disabled"));
    await alice.accept(proposal);
    await bob.accept(proposal);
    for (const party of [alice, oscar, user]) expect(await statusOf(party, contractId, option)).toEqual(is("enabled"));
    expect(await statusOf(alice, `${contractId}-other`, option)).toEqual(is("disabled"));
    expect(await statusOf(alice, contractId, "execution")).toEqual(enabled);

    await agree([alice, bob], turn("disable"));
    expect(await statusOf(alice, contractId, option)).toEqual(is("disabled"));
  });

  test("shows the open proposals to enable it and those to disable it, and no others", async () => {
    const id = `open-${option}`;
    const other = option === "logging" ? "telemetry" : "logging";
    await agree([alice, bob], setContract(id));
    const enabling = await alice.propose(turn("enable", id));
    const disabling = await oscar.propose(turn("disable", id));
    expect(disabling).toMatchObject({ proposalState: "Open" });
    await alice.withdraw(await alice.propose(turn("enable", id)));

    const { proposalIds, ...rest } = (await statusOf(alice, id, option)) as { proposalIds: string[] };
    expect(rest).toEqual({ status: "disabled" });
    expect(proposalIds.sort()).toEqual([enabling.proposalId, disabling.proposalId].sort());
    expect(await statusOf(alice, id, other)).toEqual(is("disabled"));
    expect(await statusOf(alice, id, "execution")).toEqual(enabled);
  });
});

describe("an option of the service", () => {
  const spellings = (option: string) => [`/app/runtimeoptions/checkstatus/${option}`, `/app/runtimeoptions/${option}/status`];

  test.each(SERVICE_OPTIONS)("%s is disabled until the members agree on it, in both spellings", async (option) => {
    const become = (status: string): Action => ({ name: "set_cgs_runtime_options", args: { option, status } });
    const expectStatus = async (status: string) => {
      for (const path of spellings(option)) {
        for (const party of [alice, user]) expect(await party.call("POST", path)).toMatchObject({ status: 200, body: { status } });
      }
    };
    await expectStatus("disabled");
    await agree([alice, bob], become("enabled"));
    await expectStatus("enabled");
    await agree([alice, bob], become("disabled"));
    await expectStatus("disabled");
  });

  test("that there is not is refused, also where both spellings mean the same path", async () => {
    const invalid = refusal(400, "InvalidOption", expect.stringContaining(SERVICE_OPTIONS.join(", ")));
    for (const option of ["status", "checkstatus", "toString", "autoapprove-%6asapp-proposal", "x".repeat(128)]) {
      for (const path of spellings(option)) expect(await alice.call("POST", path)).toMatchObject(invalid);
    }
    expect(await place.stranger("mallory").call("POST", "/app/runtimeoptions/checkstatus/status")).toMatchObject(
      refusal(401, "InvalidAuthenticationInfo"),
    );
  });
});
