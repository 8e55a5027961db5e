import type { Contract } from "../contract.js";
import { CleanRoomError } from "../errors.js";
import type { Patience } from "../retry.js";
import type { Watch } from "../transfer/progress.js";
import type { Attester } from "./attester.js";
import type { Images } from "./images.js";
import type { Isolation } from "./isolation.js";
import type { Journal } from "./journal.js";
import type { RoomCloud } from "./keyring.js";
import type { RoomPlan } from "./plan.js";

/** What a clean room is doing. */
export const phases = ["asking for consent", "opening the data", "running", "storing the results", "storing logs and telemetry"] as const;
export type Phase = (typeof phases)[number];

/** Is told how a clean room comes along; nothing of its data. */
export type RoomWatch = {
  readonly phase: (phase: Phase) => void;
  /** Something that somebody should know. */
  readonly note: (line: string) => void;
  readonly transfer: (verb: string, volume: string) => Watch | undefined;
};

export type RoomMeans = {
  readonly attester: Attester;
  readonly cloud: RoomCloud;
  /** The folders of the images of the plan's applications. */
  readonly images: Images;
  /** For decrypted data and all else that the room writes; it is made, and gone at the end. */
  readonly folder: string;
  readonly watch: RoomWatch;
  /** Ends the room: its applications are stopped, and nothing is stored. */
  readonly signal: AbortSignal;
  /** Found out where it is not given. */
  readonly isolation?: Isolation | undefined;
  readonly patience?: Patience | undefined;
};

/** What all parts of a clean room work with. */
export type Room = RoomMeans & { readonly plan: RoomPlan; readonly contract: Contract; readonly journal: Journal };

/** @throws CleanRoomError Interrupted once the room was told to end */
export function requireGoingOn({ signal }: Pick<Room, "signal">): void {
  if (signal.aborted) throw new CleanRoomError("Interrupted", "the clean room was told to end: nothing more leaves it");
}

/** A watch that also ends a transfer once the room was told to end. */
export function heedful(room: Pick<Room, "signal">, watch?: Watch): Watch {
  return (state) => {
    requireGoingOn(room);
    watch?.(state);
  };
}
