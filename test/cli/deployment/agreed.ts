import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { propose, type Action } from "../../../client/governance/proposal.js";
import { setCleanRoomPolicy, setDeploymentTemplate, type PolicyChange } from "../../../client/deployment.js";
import { identityOf } from "../../../client/identity.js";
import { openSession } from "../../../client/session.js";
import { consumer, deskAt, publisher } from "../config/parties.js";
import { memoryCloud } from "../config/cloud.js";
import { consortium, type Place } from "../consortium.js";

/** A consortium; its members have accepted contract `collab1-ml`, the tutorial's. */
export async function agreedContract(): Promise<Place> {
  const cloud = memoryCloud();
  const place = await consortium(cloud);
  const desk = deskAt(place, cloud);
  const [tdp, tdc] = [await publisher(desk), await consumer(desk)];
  const { out } = await desk.do("config", "view", "--cleanroom-config", tdc, "--configs", tdp);
  await accept(place, "collab1-ml", out);
  return place;
}

/** A contract of this text, which all members accept. */
export async function accept(place: Place, id: string, text: string): Promise<void> {
  await place.as("isv", `governance contract create --id ${id} --data -`, text);
  const version = await place.as("isv", `governance contract show --id ${id} --query version -o tsv`);
  await place.as("isv", `governance contract propose --id ${id} --version ${version}`);
  const proposal = await place.as("isv", `governance contract show --id ${id} --query proposalId -o tsv`);
  for (const name of ["isv", "tdp", "tdc"]) {
    await place.as(name, `governance contract vote --id ${id} --proposal-id ${proposal} --action accept`);
  }
}

/** All members agree on what `generate` wrote. */
export async function agreeOn(place: Place, id: string): Promise<void> {
  const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(place.folder, name), "utf8")) as unknown;
  await pass(place, setDeploymentTemplate(id, await read("cleanroom-arm-template.json")));
  await pass(place, setCleanRoomPolicy(id, (await read("cleanroom-governance-policy.json")) as PolicyChange));
}

async function pass(place: Place, action: Action): Promise<void> {
  const [certificate, key] = await Promise.all(["cert", "privk"].map((kind) => readFile(join(place.folder, `isv_${kind}.pem`), "utf8")));
  const identity = identityOf(certificate ?? "", key ?? "");
  const session = openSession({ url: place.url, serviceCertificate: place.serviceCertificate, identity });
  try {
    const { proposalId } = await propose(session, [action]);
    for (const name of ["isv", "tdp", "tdc"]) await place.as(name, `governance proposal vote --proposal-id ${proposalId} --action accept`);
  } finally {
    await session.transport.close();
  }
}
