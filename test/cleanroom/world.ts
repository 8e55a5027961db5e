import type { EvidenceSource } from "../../cleanroom/evidence/source.js";
import { reportDataOf } from "../../cleanroom/evidence/source.js";
import { startAgent, type Agent, type AgentOptions } from "../../cleanroom/agent/index.js";
import { attestedRoom, type Content } from "../../cleanroom/room.js";
import type { Patience } from "../../cleanroom/retry.js";
import type { AttestRequest, Sandbox } from "../../sandbox/index.js";
import { HOST_DATA, setCleanRoomPolicy } from "../support/cleanRoom.js";
import { consortium, type Consortium, type ServiceOptions } from "../support/consortium.js";
import { agree, setContract, type Party } from "../support/party.js";
import { patience } from "../support/patience.js";

type End = (stop: () => Promise<void>) => void;

/** Pauses that nobody has to wait for. */
export const quick: Patience = { attempts: 40, firstPause: 5, longestPause: 250 };

export const POLICY = { "x-ms-sevsnpvm-hostdata": HOST_DATA, "x-ms-sevsnpvm-is-debuggable": false };

/** What the virtual TEE of a service attests; `report` is whatever else the report is to say. */
export const virtually = (service: () => Pick<Sandbox, "attest">, report: Partial<AttestRequest> = {}): EvidenceSource => ({
  evidence: (content) =>
    Promise.resolve(service().attest({ hostData: Buffer.from(HOST_DATA, "hex"), reportData: reportDataOf(content), ...report })),
});

/** A service with a virtual TEE, and an accepted contract `c1` that lets in clean rooms with the tests' own policy. */
export async function world(
  end: End,
  options: ServiceOptions = {},
): Promise<Consortium<"alice" | "bob"> & { readonly both: [Party, Party] }> {
  const made = await consortium({ alice: { tenantId: "tenant-a" }, bob: {} }, end, { virtualTee: true, ...options });
  const both: [Party, Party] = [made.members.alice, made.members.bob];
  await agree(both, patience);
  await agree(both, setContract("c1"));
  await agree(both, setCleanRoomPolicy("c1", POLICY));
  return { ...made, both };
}

export type Reply = { readonly status: number; readonly headers: Headers; readonly text: string; readonly body: unknown };

/** The workload: plain HTTP, and nothing else. */
export class Workload {
  constructor(readonly url: string) {}

  async call(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(body !== undefined && { "content-type": "application/json" }), ...headers },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: text === "" ? undefined : (JSON.parse(text) as unknown) };
  }
}

export type Serviced = Pick<Sandbox, "url" | "serviceCertificate" | "attest">;

/** An agent for a service, on a port of its own. */
export async function agentFor(
  service: Serviced,
  end: End,
  { content, ...options }: Partial<AgentOptions> & { readonly content?: Content } = {},
): Promise<Workload & { readonly agent: Agent }> {
  const agent = await startAgent({
    ccfEndpoint: service.url ?? "",
    serviceCertificate: service.serviceCertificate,
    pathPrefix: "app/contracts/c1",
    room: attestedRoom(
      virtually(() => service),
      content,
    ),
    port: 0,
    patience: quick,
    ...options,
  });
  end(agent.stop);
  return Object.assign(new Workload(agent.url), { agent });
}
