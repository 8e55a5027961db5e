import type { Chamber } from "../governance.js";
import type { Identity } from "../identity.js";
import type { SandboxResponse } from "../response.js";
import { ServiceError } from "../serviceError.js";
import { coseSign1 } from "./coseSign1.js";

const API_VERSION = "2024-07-01";

export const governancePath = (path: string): string => `/gov${path}?api-version=${API_VERSION}`;

/** What a member says, `ccf.gov.msg.type`, and about which proposal. */
export type Message = {
  readonly type: "proposal" | "ballot" | "state_digest" | "ack";
  readonly payload?: unknown;
  readonly proposalId?: string;
};

/** Sends a governance request signed by a member. @throws ServiceError */
export async function sendSigned(
  { request, now }: Chamber,
  by: Identity,
  path: string,
  { type, payload, proposalId }: Message,
): Promise<SandboxResponse> {
  const body = coseSign1(by, payload === undefined ? "" : JSON.stringify(payload), {
    "ccf.gov.msg.type": type,
    "ccf.gov.msg.created_at": Math.floor(now() / 1000),
    "ccf.gov.msg.proposal_id": proposalId,
  });
  return accepted(await request({ method: "POST", url: governancePath(path), headers: { "content-type": "application/cose" }, body }));
}

/** @throws ServiceError for anything but 2xx */
export function accepted(response: SandboxResponse): SandboxResponse {
  const { status } = response;
  if (status >= 200 && status < 300) return response;
  const { error } = response.json() as { error: { code?: string; message?: string; details?: Readonly<Record<string, unknown>>[] } };
  throw new ServiceError(status, error.code ?? String(status), error.message ?? "", error.details);
}
