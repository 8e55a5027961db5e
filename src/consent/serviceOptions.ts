import { ApiError } from "../http/errors.js";
import { handler } from "../http/handler.js";
import { serviceOptions } from "../kv/tables.js";
import { ServiceOptionPath, ServiceOptionStatus } from "../model/consent.js";
import { SERVICE_OPTIONS } from "../model/options.js";

const answer = { returns: ServiceOptionStatus, callers: ["member_cert", "user_cert"] } as const;

const unknown = () => new ApiError("InvalidOption", `The option must be one of ${SERVICE_OPTIONS.join(", ")}.`);

/**
 * POST /runtimeoptions/checkstatus/{option} and POST /runtimeoptions/{option}/status: an option of the whole service, disabled until
 * the members agree on it.
 *
 * @throws InvalidOption (400)
 */
export const getServiceOption = handler({ params: ServiceOptionPath, ...answer }, ({ params: { option } }) => {
  if (!SERVICE_OPTIONS.some((known) => known === option)) throw unknown();
  return { status: serviceOptions.get(option)?.status ?? "disabled" };
});

/**
 * POST /runtimeoptions/checkstatus/status: no option in either spelling. Both templates match this path, and CCF fails on such paths
 * unless they are declared word for word.
 *
 * @throws InvalidOption (400)
 */
export const getNoServiceOption = handler(answer, () => {
  throw unknown();
});
