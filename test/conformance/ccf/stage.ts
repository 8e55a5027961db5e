import { setTimeout as sleep } from "node:timers/promises";
import { ConnectionError } from "../../../client/errors.js";
import { learnServiceCertificate } from "../../../client/firstUse.js";
import { Client } from "./client.js";
import { Governance } from "./gov.js";
import { loadMembers, type Members } from "./members.js";
import { Names } from "./normaliser.js";
import type { Service } from "./services/service.js";

/** A service, and what all scenarios that are played on it share. */
export type Stage = {
  readonly client: Client;
  readonly gov: Governance;
  readonly members: Members;
  readonly url: string;
  /** With the port. */
  readonly host: string;
  /** PEM */
  readonly serviceCertificate: string;
  readonly nodeId: string;
  readonly names: Names;
};

/** Milliseconds that a service may take to answer at first. */
const PATIENCE = 30_000;

/** @throws ConnectionError when the service does not answer */
async function certificateOf(url: string): Promise<string> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    try {
      return (await learnServiceCertificate(url)).certificate;
    } catch (error) {
      if (!(error instanceof ConnectionError) || Date.now() > deadline) throw error;
      await sleep(100);
    }
  }
}

/** @throws Error when the service does not answer */
export async function openStage({ url, keys }: Service): Promise<Stage> {
  const members = loadMembers(keys);
  const serviceCertificate = await certificateOf(url);
  const client = new Client(url, serviceCertificate);
  try {
    const network = await client.request("GET", "/node/network");
    if (network.status !== 200) throw new Error(`the service at ${url} does not answer: ${network.failure ?? network.status}`);
    const nodeId = network.field("primary_id");
    const names = new Names();
    for (const member of members) names.setIdentity(member, member.name);
    names.setCertificate(serviceCertificate, "service");
    names.set(nodeId, "node0");
    return { client, gov: new Governance(client, members), members, url, host: new URL(url).host, serviceCertificate, nodeId, names };
  } catch (error) {
    client.close();
    throw error;
  }
}
