import { UnreadableTemplate } from "../../cleanroom/deployment/templateReading.js";
import { verifyTemplate, type Verdict } from "../../cleanroom/deployment/verify.js";
import { getCleanRoomPolicy } from "../../client/cleanRoomPolicy.js";
import { getDeploymentTemplate } from "../../client/deployment.js";
import type { Session } from "../../client/session.js";
import { command, optional } from "../command.js";
import { CommandError } from "../failure.js";
import { contractId } from "../governance/contract/id.js";
import type { Io } from "../io.js";
import { isObject, readJsonObject } from "../json.js";
import { asMember, governanceClient } from "../session.js";

export default command({
  description:
    "Compares a template with what the members agreed on: the host data of its policy, recomputed, with the clean room policy; itself with " +
    "the agreed template; and, where the policy is for the local runner, its containers with those that the policy allows. What differs is " +
    "told, and the exit status is 1.",
  examples: [
    [
      "Before a deployment",
      "cleanroom governance deployment verify --contract-id collab1-ml --template-file ./aci-deployment-template.json \\\n" +
        "    --governance-client tdp-client",
    ],
    [
      "Does what was agreed on fit together?",
      "cleanroom governance deployment verify --contract-id collab1-ml --governance-client tdp-client",
    ],
  ],
  options: {
    contractId,
    templateFile: optional("--template-file <file>", "the template (JSON); by default the one that is agreed on"),
    governanceClient,
  },
  run: async ({ contractId: id, templateFile, governanceClient: client }, io) => {
    const given = templateFile === undefined ? undefined : await readJsonObject(templateFile);
    const { template, policy } = await asMember(client, io, (session) => agreed(session, id));
    const checked = given ?? template;
    if (checked === undefined) throw new CommandError(`no template is agreed on for contract "${id}" yet`);
    const hostData = policy["x-ms-sevsnpvm-hostdata"] ?? [];
    const verdict = judged(() => verifyTemplate(checked, { template, hostData }), templateFile ?? `the template of contract "${id}"`);
    if (verdict.problems.length > 0) {
      throw new CommandError(`the template is not what was agreed on for contract "${id}"\n  ${verdict.problems.join("\n  ")}`);
    }
    warn(verdict, policy, io);
    return { contractId: id, hostData: verdict.hostData, policy: verdict.policy, verified: true };
  },
});

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
