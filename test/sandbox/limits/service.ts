import { onTestFinished } from "vitest";
import { activate } from "../../../client/governance/members.js";
import { castBallot, propose, type Proposal } from "../../../client/governance/proposal.js";
import type { Session } from "../../../client/session.js";
import { startSandbox, type Sandbox, type SandboxOptions } from "../../../sandbox/index.js";
import { member } from "../../client/authority.js";
import { directTo } from "../../support/direct.js";
import { code, CONSTITUTION, installing, opening, type Code, type Endpoints } from "./constitution.js";

export const identity = member("alice");

export type Answer = { readonly status: number; readonly body: unknown; readonly id: string | undefined };

/** CCF's error as `toMatchObject` finds it. */
export const error = (message: string, code = "InternalError") => ({ status: 500, body: { error: { code, message } } });

export const TOO_LONG = error("Operation took too long to complete.");

/** A service in this process that nobody listens to: requests go straight to the host of the enclave. */
export class Place {
  readonly #session: Session;
  readonly logged: string[] = [];

  constructor(
    readonly service: Pick<Sandbox, "url" | "serviceCertificate" | "request" | "stop">,
    logged: string[],
  ) {
    this.#session = { transport: directTo(service), identity };
    this.logged = logged;
  }

  async call(method: string, url: string, body?: string): Promise<Answer> {
    const { status, headers, body: bytes } = await this.service.request({ method, url, ...(body !== undefined && { body }) });
    const text = Buffer.from(bytes ?? "").toString();
    const isJson = headers["content-type"] === "application/json";
    return { status, body: isJson ? JSON.parse(text) : text, id: headers["x-ms-ccf-transaction-id"] };
  }

  propose(args: Code): Promise<Proposal> {
    return propose(this.#session, [code(args)]);
  }

  vote({ proposalId }: Proposal, ballot: string): Promise<Proposal> {
    return castBallot(this.#session, proposalId, ballot);
  }

  async found(endpoints: Endpoints): Promise<void> {
    await activate(this.#session);
    await this.propose({ apply: `${installing(endpoints)}\n${opening(this.service.serviceCertificate)}` });
  }

  async statusOf(id: string | undefined): Promise<string> {
    const { body } = await this.call("GET", `/node/tx?transaction_id=${id ?? ""}`);
    return (body as { status: string }).status;
  }

  /** Resolves with the status once it will not change any more. */
  async settled(id: string | undefined): Promise<string> {
    for (;;) {
      const status = await this.statusOf(id);
      if (status === "Committed" || status === "Invalid") return status;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  async view(): Promise<number> {
    const { body } = await this.call("GET", "/node/network");
    return (body as { current_view: number }).current_view;
  }
}

export const QUICK = { signatures: { milliseconds: 10 } };

/** When a service ends: vitest's `afterAll` where a file shares it, `onTestFinished` where it belongs to one test. */
export type End = (stop: () => Promise<void>) => void;

/** An open service with these endpoints. */
export async function openService(endpoints: Endpoints, options: SandboxOptions = {}, end?: End): Promise<Place> {
  const place = await start({ members: [{ certificate: identity.certificate }], constitution: CONSTITUTION, ...options }, end);
  await place.found(endpoints);
  return place;
}

export async function start(options: SandboxOptions, end: End = onTestFinished): Promise<Place> {
  const logged: string[] = [];
  const service = await startSandbox({ ...QUICK, log: (level, line) => logged.push(`${level} ${line}`), ...options });
  end(() => service.stop());
  return new Place(service, logged);
}
