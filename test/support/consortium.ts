import { readFile } from "node:fs/promises";
import type { Bundle } from "../../client/governance/application.js";
import type { MemberData } from "../../client/governance/members.js";
import type { Action } from "../../client/governance/proposal.js";
import { getServiceInfo, openService } from "../../client/governance/service.js";
import type { Identity } from "../../client/identity.js";
import { openSession } from "../../client/session.js";
import { connect, type Transport } from "../../client/transport.js";
import { builtFile } from "../../cli/installation.js";
import { startSandbox, type Sandbox, type SandboxOptions } from "../../sandbox/index.js";
import { member } from "../client/authority.js";
import { agree, Party } from "./party.js";
import { patience } from "./patience.js";

/** What was built, as members propose it. */
export const built = {
  constitution: () => readFile(builtFile("constitution.js"), "utf8"),
  bundle: async () => JSON.parse(await readFile(builtFile("bundle.json"), "utf8")) as Bundle,
};

export const setApplication = (bundle: Bundle): Action => ({ name: "set_js_app", args: { bundle } });

/** When a service ends: vitest's `afterAll` where a file shares it, `onTestFinished` where it belongs to one test. */
type End = (stop: () => Promise<void>) => void;

/** Signed often, because every write waits until it is durable. */
export const quickly = { milliseconds: 5 };

/** A running service, and the ways to it. */
export class Place {
  readonly #transports: Transport[] = [];
  /** Without a client certificate. */
  readonly anonymous: Transport;

  constructor(readonly service: Sandbox) {
    this.anonymous = this.#kept(connect(this.#endpoint));
  }

  get #endpoint(): { url: string; serviceCertificate: string } {
    return { url: this.service.url ?? "", serviceCertificate: this.service.serviceCertificate };
  }

  party(identity: Identity): Party {
    const session = openSession({ ...this.#endpoint, identity });
    this.#kept(session.transport);
    return new Party(session);
  }

  /** Somebody whom the service does not know yet. */
  stranger(name: string): Party {
    return this.party(member(name));
  }

  #kept(transport: Transport): Transport {
    this.#transports.push(transport);
    return transport;
  }

  #stopping: Promise<void> | undefined;
  readonly stop = (): Promise<void> => (this.#stopping ??= this.#stop());

  async #stop(): Promise<void> {
    await Promise.all(this.#transports.map((transport) => transport.close()));
    await this.service.stop();
  }
}

/** Starts or resumes a service that listens on a port of its own. */
export async function startPlace(options: SandboxOptions, end: End): Promise<Place> {
  const place = new Place(await startSandbox({ port: 0, signatures: quickly, ...options }));
  end(place.stop);
  return place;
}

export type Consortium<Name extends string> = { readonly place: Place; readonly members: Readonly<Record<Name, Party>> };

/** Of the service: where it keeps its ledger and listens; whether it believes clean rooms that tests make up (see cleanRoom.ts); how time goes there. */
export type ServiceOptions = Pick<SandboxOptions, "dir" | "port" | "virtualTee" | "clock" | "signatures">;

/** A service with the constitution that was built, still opening, and its first members, all active. */
export async function founded<Name extends string>(
  people: Readonly<Record<Name, MemberData>>,
  end: End,
  options: ServiceOptions = {},
): Promise<Consortium<Name>> {
  const founders = (Object.entries(people) as [Name, MemberData][]).map(([name, data]) => ({ name, data, identity: member(name) }));
  const place = await startPlace(
    {
      members: founders.map(({ identity, data }) => ({ certificate: identity.certificate, data })),
      constitution: await built.constitution(),
      ...options,
    },
    end,
  );
  const members = Object.fromEntries(founders.map(({ name, identity }) => [name, place.party(identity)])) as Record<Name, Party>;
  for (const party of Object.values<Party>(members)) await party.activate();
  return { place, members };
}

/** Deploys the application that was built, and opens the service, by proposals that these members agree on; patiently. */
export async function deploy(...electors: readonly [Party, ...Party[]]): Promise<void> {
  const info = await getServiceInfo(electors[0].session);
  await agree(electors, patience);
  await agree(electors, setApplication(await built.bundle()), openService(info));
}

/**
 * An open service that runs the application, with these active members. Those without an operator role have agreed on all of it.
 *
 * @param people the members' data by their names; a role is a flag in the data
 */
export async function consortium<Name extends string>(
  people: Readonly<Record<Name, MemberData>>,
  end: End,
  options: ServiceOptions = {},
): Promise<Consortium<Name>> {
  const { place, members } = await founded(people, end, options);
  const [first, ...others] = Object.entries<Party>(members)
    .filter(([name]) => people[name as Name].isOperator === undefined)
    .map(([, party]) => party);
  if (!first) throw new Error("a consortium needs a member who may vote");
  await deploy(first, ...others);
  return { place, members };
}
