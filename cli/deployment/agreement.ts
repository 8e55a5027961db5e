import { UnreadableTemplate } from "../../cleanroom/deployment/templateReading.js";
import { verifyTemplate, type Verdict } from "../../cleanroom/deployment/verify.js";
import { getCleanRoomPolicy } from "../../client/cleanRoomPolicy.js";
import { getDeploymentTemplate } from "../../client/deployment.js";
import type { Session } from "../../client/session.js";
import { CommandError } from "../failure.js";
import type { Io } from "../io.js";
import { isObject } from "../json.js";
import { asMember } from "../session.js";

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
  const { template, policy } = await asMember(client, io, (session) => agreed(session, id));
  const checked = given ?? template;
  if (checked === undefined) throw new CommandError(`no template is agreed on for contract "${id}" yet`);
  const hostData = policy["x-ms-sevsnpvm-hostdata"] ?? [];
  const verdict = judged(() => verifyTemplate(checked, { template, hostData }), file ?? `the template of contract "${id}"`);
  if (verdict.problems.length > 0) {
    throw new CommandError(`the template is not what was agreed on for contract "${id}"\n  ${verdict.problems.join("\n  ")}`);
  }
  warn(verdict, policy, io);
  return verdict;
}

type Claims = Readonly<Record<string, readonly unknown[]>>;

async function agreed(session: Session, id: string): Promise<{ readonly template: unknown; readonly policy: Claims }> {
  const { data } = await getDeploymentTemplate(session, id);
  const { policy } = await getCleanRoomPolicy(session, id);
  return { template: isObject(data) && Object.keys(data).length === 0 ? undefined : data, policy };
}

function judged(verify: () => Verdict, what: string): Verdict {
  try {
    return verify();
  } catch (error) {
    if (error instanceof UnreadableTemplate) throw new CommandError(`${what} cannot be verified: ${error.message}`, { cause: error });
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
