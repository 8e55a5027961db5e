import { CcfError } from "../http/errors.js";

/**
 * An id from a path: 64 hexadecimal digits of either case.
 *
 * @param kind as messages name it
 * @throws CcfError InvalidResourceName
 */
export function requireId(value: string | undefined, kind: "member" | "user" | "node" | "proposal"): string {
  const id = value ?? "";
  if (!/^[0-9a-fA-F]{64}$/.test(id)) throw new CcfError("InvalidResourceName", `'${id}' is not a valid hex-encoded ${kind} ID`);
  return id;
}

/** Ids as CCF's messages show them. */
export const memberName = (id: string): string => `m[${id}]`;
export const userName = (id: string): string => `u[${id}]`;
export const nodeName = (id: string): string => `n[${id}]`;
