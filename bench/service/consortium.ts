import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { runtimeOptions } from "../../cli/governance/service/deploy.js";
import { builtFile } from "../../cli/installation.js";
import { activate } from "../../client/governance/members.js";
import { propose, vote, type Action } from "../../client/governance/proposal.js";
import { getServiceInfo, openService } from "../../client/governance/service.js";
import type { Identity } from "../../client/identity.js";
import { openSession, type Session } from "../../client/session.js";
import { newMember, writeMembers } from "./people.js";
import { startService, type ServiceProcess } from "./process.js";

export type Consortium = {
  readonly service: ServiceProcess;
  /** Three active members. */
  readonly members: readonly [Identity, Identity, Identity];
};

/** A fresh service that is open, runs the application that was built, and has three active members. */
export async function startConsortium(folder: string): Promise<Consortium> {
  const members = [newMember("isv"), newMember("tdp"), newMember("tdc")] as const;
  await writeMembers(join(folder, "members"), members);
  const service = await startService(folder, "--members", join(folder, "members"));
  const sessions = members.map((identity) => openSession({ ...service, identity }));
  for (const session of sessions) await activate(session);
  await deploy(sessions);
  for (const { transport } of sessions) await transport.close();
  return { service, members };
}

async function deploy(sessions: readonly Session[]): Promise<void> {
  const [first] = sessions;
  if (!first) throw new Error("nobody can deploy");
  const bundle = JSON.parse(await readFile(builtFile("bundle.json"), "utf8")) as unknown;
  await agree(sessions, [
    { name: "set_js_runtime_options", args: runtimeOptions },
    { name: "set_js_app", args: { bundle } },
    openService(await getServiceInfo(first)),
  ]);
}

/** The first proposes, all vote. @throws Error unless that makes it accepted */
export async function agree(sessions: readonly Session[], actions: readonly Action[]): Promise<void> {
  const [first] = sessions;
  if (!first) throw new Error("nobody can propose");
  let proposal = await propose(first, actions);
  for (const session of sessions) if (proposal.proposalState === "Open") proposal = await vote(session, proposal.proposalId, "accept");
  if (proposal.proposalState !== "Accepted") throw new Error(`proposal ${proposal.proposalId} is ${proposal.proposalState}`);
}
