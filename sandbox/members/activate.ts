import type { Chamber } from "../governance.js";
import type { Identity } from "../identity.js";
import { memberIdOf } from "./propose.js";
import { sendSigned } from "./signed.js";

/** See `Governance.activate`. */
export async function activate(chamber: Chamber, member: Identity): Promise<void> {
  const path = `/members/state-digests/${memberIdOf(member)}`;
  const digest = await sendSigned(chamber, member, `${path}:update`, { type: "state_digest" });
  await sendSigned(chamber, member, `${path}:ack`, { type: "ack", payload: digest.json() });
}
