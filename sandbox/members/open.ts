import { SandboxError } from "../error.js";
import type { Action, Chamber, OpenOptions, Proposal } from "../governance.js";
import { activate } from "./activate.js";
import { propose } from "./propose.js";
import { accepted, governancePath } from "./signed.js";

/** See `Governance.open`. */
export async function open(chamber: Chamber, { members = chamber.founders, app, actions = [] }: OpenOptions): Promise<Proposal> {
  const [proposer] = members;
  if (!proposer) throw new SandboxError("to open a service, name members with their private keys");
  for (const member of members) await activate(chamber, member);

  const wanted: Action[] = [...(app ? [{ name: "set_js_app", args: { bundle: app } }] : []), ...actions];
  const info = accepted(await chamber.request({ url: governancePath("/service/info") })).json() as { status: string; certificate: string };
  if (info.status !== "Open") wanted.push({ name: "transition_service_to_open", args: { next_service_identity: info.certificate } });

  const proposal = await propose(chamber, wanted, { by: proposer, votes: members });
  if (proposal.proposalState === "Accepted") return proposal;
  throw new SandboxError(`the votes of these members do not open the service: the proposal is ${proposal.proposalState}`);
}
