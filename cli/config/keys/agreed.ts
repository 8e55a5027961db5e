import { getCleanRoomPolicy } from "../../../client/cleanRoomPolicy.js";
import { optional } from "../../command.js";
import { CommandError } from "../../failure.js";
import type { Io } from "../../io.js";
import { clientVariable } from "../../profile.js";
import { asMember } from "../../session.js";
import { hostDataOf, type CleanRoomPolicy } from "./kek.js";

/** The client of commands that can do without one. */
export const maybeClient = optional(
  "--governance-client <name>",
  `asks this client for the agreed policy, and makes the key encryption key for it [env: ${clientVariable}]`,
);

/** The digests of the policies that the members have agreed on; undefined where there is no client to ask. @throws CommandError */
export async function agreedHostData(client: string | undefined, contractId: string, io: Io): Promise<string[] | undefined> {
  const named = client ?? io.env[clientVariable];
  if (named === undefined || named === "") return undefined;
  const { policy } = await asMember(named, io, (session) => getCleanRoomPolicy(session, contractId));
  return hostDataOf(policy, contractId);
}

/** The digests in what `deployment policy show` printed, base64. @throws CommandError */
export function hostDataIn(text: string, contractId: string): string[] {
  let shown: unknown;
  try {
    shown = JSON.parse(Buffer.from(text, "base64").toString("utf8"));
  } catch (cause) {
    throw new CommandError("--cleanroom-policy wants what `governance deployment policy show` prints, in base64", { cause });
  }
  const policy = typeof shown === "object" && shown !== null && "policy" in shown ? shown.policy : shown;
  if (typeof policy !== "object" || policy === null || !Object.values(policy).every(Array.isArray)) {
    throw new CommandError(
      "--cleanroom-policy has no claims with lists of values: give all that `governance deployment policy show` prints",
    );
  }
  return hostDataOf(policy as CleanRoomPolicy, contractId);
}
