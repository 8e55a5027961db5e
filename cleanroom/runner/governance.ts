import { CleanRoomError } from "../errors.js";
import { ServiceError } from "../../client/errors.js";
import type { Contract } from "../contract.js";
import { consentCheck, putEvent, type ConsentOption } from "../operations.js";
import type { RoomPlan } from "./plan.js";

/** Who speaks in the events of a clean room; readers of the public services' events know it. */
const SOURCE = "code-launcher";

/**
 * Goes on only where the members let this clean room run.
 *
 * @throws CleanRoomError NotAdmitted, NotConsented; ServiceError and ConnectionError where governance cannot be asked
 */
export async function requireExecution(contract: Contract, plan: RoomPlan): Promise<void> {
  const { status, reason } = await consentCheck(contract, "execution").catch((error: unknown) => {
    throw admission(error, plan);
  });
  if (status === "enabled") return;
  const { code = "ContractDisabled", message = "" } = reason ?? {};
  throw new CleanRoomError("NotConsented", `contract "${plan.governance.contractId}" may not run: ${code}: ${message}`);
}

/** Whether logs or telemetry may leave. */
export async function mayLeave(contract: Contract, option: Exclude<ConsentOption, "execution">): Promise<boolean> {
  return (await consentCheck(contract, option)).status === "enabled";
}

export function tellStart(contract: Contract, application: string): Promise<void> {
  return tell(contract, `starting execution of ${application} container`);
}

export function tellEnd(contract: Contract, application: string, exitCode: number): Promise<void> {
  return tell(contract, `${application} container terminated with exit code ${exitCode}`);
}

function tell(contract: Contract, message: string): Promise<void> {
  return putEvent(contract, JSON.stringify({ source: SOURCE, message }));
}

/** Says plainly what a refusal of the evidence means for a template. */
function admission(error: unknown, { hostData, governance }: RoomPlan): unknown {
  if (!(error instanceof ServiceError) || error.code !== "VerifySnpAttestationFailed") return error;
  const about = error.message.includes("x-ms-sevsnpvm-hostdata")
    ? `the policy of this template (host data ${hostData}) is not the one that the members agreed on for contract "${governance.contractId}"`
    : `governance does not let this clean room into contract "${governance.contractId}"`;
  return new CleanRoomError("NotAdmitted", `${about}: ${error.code}: ${error.message}`, { cause: error });
}
