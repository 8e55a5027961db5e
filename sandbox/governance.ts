import type { Identity } from "./identity.js";
import type { SandboxRequest } from "./request.js";
import type { SandboxResponse } from "./response.js";

/** What a proposal wants done, in the words of the constitution. */
export type Action = { readonly name: string; readonly args?: unknown };

/** A ballot of the member's own: an ES module that exports `vote(proposal, proposerId)`. */
export type Ballot = { readonly by: Identity; readonly ballot: string };

/** A proposal as CCF describes it. */
export type Proposal = {
  readonly proposalId: string;
  readonly proposerId: string;
  readonly proposalState: "Open" | "Accepted" | "Rejected" | "Withdrawn" | "Dropped" | "Failed";
  readonly ballotCount: number;
  /** Member id to what the ballot came to, once the proposal is closed. */
  readonly finalVotes?: Readonly<Record<string, boolean>>;
  readonly voteFailures?: Readonly<Record<string, { readonly reason: string; readonly trace?: string | null }>>;
};

export type ProposeOptions = {
  readonly by: Identity;
  /** Who votes, in this order, until the proposal is decided; who gives no ballot is in favour. Default: nobody. */
  readonly votes?: readonly (Identity | Ballot)[];
};

/** An application as CCF's `set_js_app` takes it. */
export type AppBundle = {
  readonly metadata: { readonly endpoints: Readonly<Record<string, Readonly<Record<string, unknown>>>> };
  readonly modules: readonly { readonly name: string; readonly module: string }[];
};

export type OpenOptions = {
  /** Default: the initial members that were given with their keys. The first proposes, all vote. */
  readonly members?: readonly Identity[];
  readonly app?: AppBundle;
  /** What else is to be done in the same proposal. */
  readonly actions?: readonly Action[];
};

/** What members do, by requests that they sign: there is no other way in. Everything rejects with ServiceError where CCF refuses. */
export type Governance = {
  /** Makes a proposal and votes for it. */
  propose(actions: readonly Action[], options: ProposeOptions): Promise<Proposal>;
  /** Casts one vote; in favour where no ballot is given. */
  vote(proposalId: string, vote: Identity | Ballot): Promise<Proposal>;
  /** Acknowledges the state of the service: a member who was only accepted is active from then on. */
  activate(member: Identity): Promise<void>;
  /**
   * Activates members, installs an application, and opens the service if it is not open.
   *
   * @throws SandboxError where the proposal is not accepted by these members
   */
  open(options?: OpenOptions): Promise<Proposal>;
};

/** What it takes to act in a service. */
export type Chamber = {
  readonly request: (request: SandboxRequest) => Promise<SandboxResponse>;
  /** Milliseconds since the epoch, by the clock of the service. */
  readonly now: () => number;
  /** The initial members whose keys are known. */
  readonly founders: readonly Identity[];
};

/** Who only sends requests need not wait for what signs them to be loaded. */
export const governanceOf = (chamber: Chamber): Governance => ({
  propose: async (actions, options) => (await import("./members/propose.js")).propose(chamber, actions, options),
  vote: async (proposalId, vote) => (await import("./members/propose.js")).castVote(chamber, proposalId, vote),
  activate: async (member) => (await import("./members/activate.js")).activate(chamber, member),
  open: async (options) => (await import("./members/open.js")).open(chamber, options ?? {}),
});
