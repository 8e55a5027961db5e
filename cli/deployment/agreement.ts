import { UnreadableTemplate } from "../../cleanroom/deployment/templateReading.js";
import { verifyTemplate, type Verdict } from "../../cleanroom/deployment/verify.js";
import { getCleanRoomPolicy } from "../../client/cleanRoomPolicy.js";
import { getDeploymentTemplate } from "../../client/deployment.js";
import type { Session } from "../../client/session.js";
import { CommandError, describeFailure } from "../failure.js";
import type { Io } from "../io.js";
import { isObject } from "../json.js";
import { loadProfile, profileNames } from "../profile.js";
import { asMember, withProfile } from "../session.js";

/**
 * Compares a template with what the members agreed on for a contract, and tells what they should know of.
 *
 * @param given the template; without one, the agreed one
 * @param file where it comes from
 * @throws CommandError where it is another one
 */
export async function requireAgreed(
  id: string,
  given: unknown,
  file: string | undefined,
  client: string | undefined,
  io: Io,
): Promise<Verdict> {
  return compared(id, given, file, await asMember(client, io, (session) => agreed(session, id)), io);
}

/**
 * As `requireAgreed`, by the first client of this home at a service that can read what was agreed on.
 *
 * @param endpoint `https://host:port`
 * @returns undefined where there is none
 */
export async function requireAgreedByAny(
  id: string,
  given: unknown,
  file: string | undefined,
  endpoint: string,
  io: Io,
): Promise<Verdict | undefined> {
  for (const name of await profileNames(io)) {
    try {
      const profile = await loadProfile(name, io);
      // A signing command may ask a person, who has not asked for it.
      if (new URL(profile.ccfEndpoint).origin !== new URL(endpoint).origin || "signingCommand" in profile) continue;
      const known = await withProfile(profile, (session) => agreed(session, id));
      const verdict = compared(id, given, file, known, io);
      io.note(`The template is the one that was agreed on for contract "${id}" (asked as client "${name}")`);
      return verdict;
    } catch (error) {
      if (error instanceof NotAgreed) throw error;
      io.note(`What was agreed on could not be asked as client "${name}": ${describeFailure(error).replace(/^error: /, "")}`);
    }
  }
  return undefined;
}

function compared(id: string, given: unknown, file: string | undefined, { template, policy }: Known, io: Io): Verdict {
  const checked = given ?? template;
  if (checked === undefined) throw new NotAgreed(`no template is agreed on for contract "${id}" yet`);
  const hostData = policy["x-ms-sevsnpvm-hostdata"] ?? [];
  const verdict = judged(() => verifyTemplate(checked, { template, hostData }), file ?? `the template of contract "${id}"`);
  if (verdict.problems.length > 0) {
    throw new NotAgreed(`the template is not what was agreed on for contract "${id}"\n  ${verdict.problems.join("\n  ")}`);
  }
  warn(verdict, policy, io);
  return verdict;
}

/** A template is another one than was agreed on. */
class NotAgreed extends CommandError {}

type Known = { readonly template: unknown; readonly policy: Claims };

type Claims = Readonly<Record<string, readonly unknown[]>>;

async function agreed(session: Session, id: string): Promise<Known> {
  const { data } = await getDeploymentTemplate(session, id);
  const { policy } = await getCleanRoomPolicy(session, id);
  return { template: isObject(data) && Object.keys(data).length === 0 ? undefined : data, policy };
}

function judged(verify: () => Verdict, what: string): Verdict {
  try {
    return verify();
  } catch (error) {
    if (error instanceof UnreadableTemplate) throw new NotAgreed(`${what} cannot be verified: ${error.message}`, { cause: error });
    throw error;
  }
}

/** What the members agreed on, and should know of. */
function warn({ policy: kind, hostData }: Verdict, policy: Claims, io: Io): void {
  const others = (policy["x-ms-sevsnpvm-hostdata"] ?? []).filter((value) => value !== hostData).map(String);
  if (kind === "allow-all") io.note("warning: the policy allows everything: it does not bind what runs");
  if (kind === "other") io.note("The policy was made by other tools: its containers are not compared with the template here.");
  if (others.length > 0) io.note(`warning: clean rooms under other policies are let in as well: ${others.join(", ")}`);
  if ((policy["x-ms-sevsnpvm-is-debuggable"] ?? []).includes(true)) io.note("warning: clean rooms are let in that can be debugged");
}
