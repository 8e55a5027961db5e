import { ApiError } from "../http/errors.js";
import { ca } from "../kv/tables.js";

export const isEnabled = (contractId: string): boolean => ca.get(contractId)?.enabled === "true";

/**
 * @returns the number of the key that governance has asked for
 * @throws ApiError CANotEnabled (405)
 */
export function requireEnabled(contractId: string): string {
  const requestId = isEnabled(contractId) && ca.get(contractId)?.requestId;
  if (!requestId) throw new ApiError("CANotEnabled");
  return requestId;
}
