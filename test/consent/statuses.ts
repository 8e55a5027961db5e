import { expect } from "vitest";
import type { Party } from "../support/party.js";

export type ContractOption = "execution" | "logging" | "telemetry";

/** The status of a contract's option, which both spellings of the question answer alike. */
export async function statusOf(party: Party, contractId: string, option: ContractOption): Promise<unknown> {
  const older = await party.call("POST", `/app/contracts/${contractId}/checkstatus/${option}`);
  const newer = await party.call("POST", `/app/contracts/${contractId}/runtimeoptions/${option}/status`);
  expect(older).toMatchObject({ status: 200 });
  expect(newer).toMatchObject({ status: 200, body: older.body });
  return older.body;
}

/** What the older and the newer spelling of a switch end with. */
export const SPELLINGS = ["", "runtimeoptions/execution/"] as const;

/** Has a party say whether the execution of a contract is wanted. */
export const turn = (party: Party, contractId: string, to: "enable" | "disable", spelling: (typeof SPELLINGS)[number] = "") =>
  party.call("POST", `/app/contracts/${contractId}/${spelling}${to}`);

export const notAccepted = {
  status: "disabled",
  reason: { code: "ContractNotAccepted", message: expect.stringMatching(/./) as unknown },
};

export const enabled = { status: "enabled" };

/** Disabled by these members: the message ends with their ids in ascending order. */
export function disabledBy(...members: readonly Party[]): unknown {
  const ids = members.map(({ id }) => id).sort();
  return {
    status: "disabled",
    reason: { code: "ContractDisabled", message: expect.stringMatching(`m\\[${ids.join(",")}\\]$`) as unknown },
  };
}
