import { handler } from "../http/handler.js";
import { ContractOptionStatus } from "../model/consent.js";
import { ContractPath } from "../model/contract.js";
import { statusOf } from "./options.js";

const spec = { params: ContractPath, returns: ContractOptionStatus, callers: ["member_cert", "user_cert"] } as const;

/** POST /contracts/{contractId}/checkstatus/execution: whether the contract may run, and who says no. */
export const checkExecution = handler(spec, ({ params }) => statusOf(params.contractId, "execution"));

/** POST /contracts/{contractId}/checkstatus/logging: whether logs may leave the clean room, and open proposals to change that. */
export const checkLogging = handler(spec, ({ params }) => statusOf(params.contractId, "logging"));

/** POST /contracts/{contractId}/checkstatus/telemetry: whether telemetry may leave the clean room, and open proposals to change that. */
export const checkTelemetry = handler(spec, ({ params }) => statusOf(params.contractId, "telemetry"));
