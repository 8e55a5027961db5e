import { agree } from "../../../client/governance/agree.js";
import { bundleDigest, constitutionDigest, getBundle, type Bundle } from "../../../client/governance/application.js";
import type { Action } from "../../../client/governance/proposal.js";
import { getConstitution, getJavaScriptLimits, getServiceInfo, openService } from "../../../client/governance/service.js";
import { enableIssuer, getIssuerInfo, kidOf } from "../../../client/issuer.js";
import type { Session } from "../../../client/session.js";
import { generateSigningKey } from "../../../client/signingKey.js";
import { command, optional } from "../../command.js";
import { CommandError } from "../../failure.js";
import { builtFile } from "../../installation.js";
import { readText, type Io } from "../../io.js";
import { asMember, governanceClient } from "../../session.js";
import { parseBundle } from "./bundle.js";

/**
 * Bytes and milliseconds. Details of exceptions may hold data: they go neither to the log, which leaves the enclave, nor to the caller.
 */
export const runtimeOptions = {
  max_heap_bytes: 100 * 1024 * 1024,
  max_stack_bytes: 1024 * 1024,
  max_execution_time_ms: 1000,
  log_exception_details: false,
  return_exception_details: false,
};

/** One thing that a service has to have: an action is undefined where it has it already. */
type Step = {
  readonly what: string;
  readonly action: Action | undefined;
  /** What follows need not wait for the votes of others: they can vote for both in one go. */
  readonly apart?: boolean;
};

export default command({
  description:
    "Brings a service to the constitution and the application of this installation: proposes what differs, and votes for it. A service " +
    "that is still opening is opened, and at the end it issues tokens to clean rooms. What needs the votes of others is left waiting; the same command by another member " +
    "joins it with a vote, and run again later it carries on.",
  examples: [
    ["Deploy what npm run build has made", "cleanroom governance service deploy --governance-client isv-client"],
    [
      "Deploy other files",
      "cleanroom governance service deploy --constitution constitution.js --bundle bundle.json --governance-client isv-client",
    ],
  ],
  options: {
    constitution: optional("--constitution <file>", "the constitution (default: of this installation)"),
    bundle: optional("--bundle <file>", "the application as set_js_app takes it (default: of this installation)"),
    governanceClient,
  },
  run: async (values, io) => {
    const constitution = await readText(values.constitution ?? builtFile("constitution.js"));
    const bundleFile = values.bundle ?? builtFile("bundle.json");
    const bundle = parseBundle(await readText(bundleFile), bundleFile);
    await asMember(values.governanceClient, io, async (session) => {
      const steps = [
        () => constitutionStep(session, constitution),
        () => runtimeStep(session, bundle),
        () => applicationStep(session, bundle),
        () => openingStep(session),
        () => issuerStep(session),
      ];
      for (const step of steps) {
        if (!(await carryOut(session, await step(), io))) return;
      }
      await generateSigningKey(session, "oidc"); // where there is one, this changes nothing
    });
  },
});

/** @returns whether the next step may follow */
async function carryOut(session: Session, { what, action, apart = false }: Step, io: Io): Promise<boolean> {
  if (!action) {
    io.note(`${what}: in place`);
    return true;
  }
  const { proposalId, proposalState } = await agree(session, [action]);
  if (proposalState === "Accepted") {
    io.note(`${what}: accepted (proposal ${proposalId})`);
    return true;
  }
  if (proposalState === "Open") {
    io.note(`${what}: waits for the votes of other members (proposal ${proposalId}); run this command again when they have voted`);
    return apart;
  }
  throw new CommandError(`${what}: proposal ${proposalId} is ${proposalState}`);
}

async function constitutionStep(session: Session, constitution: string): Promise<Step> {
  const digest = constitutionDigest(constitution);
  const deployed = constitutionDigest(await getConstitution(session));
  return {
    what: `constitution sha256:${digest}`,
    action: deployed === digest ? undefined : { name: "set_constitution", args: { constitution } },
  };
}

/** A node tells its limits but not whether it shows exceptions: a first deployment, and every other of an application, settles both. */
async function runtimeStep(session: Session, bundle: Bundle): Promise<Step> {
  const limits = await getJavaScriptLimits(session);
  const same =
    bundleDigest(bundle) === bundleDigest(await getBundle(session)) &&
    limits.max_heap_size === runtimeOptions.max_heap_bytes &&
    limits.max_stack_size === runtimeOptions.max_stack_bytes &&
    limits.max_execution_time === runtimeOptions.max_execution_time_ms;
  const action = { name: "set_js_runtime_options", args: runtimeOptions };
  return { what: "JavaScript runtime options", action: same ? undefined : action, apart: true };
}

async function applicationStep(session: Session, bundle: Bundle): Promise<Step> {
  const digest = bundleDigest(bundle);
  const deployed = bundleDigest(await getBundle(session));
  return {
    what: `application sha256:${digest}`,
    action: deployed === digest ? undefined : { name: "set_js_app", args: { bundle } },
  };
}

async function openingStep(session: Session): Promise<Step> {
  const info = await getServiceInfo(session);
  return { what: "open service", action: info.status === "Opening" ? openService(info) : undefined };
}

async function issuerStep(session: Session): Promise<Step> {
  const { enabled } = await getIssuerInfo(session);
  return { what: "token issuer", action: enabled ? undefined : enableIssuer(await kidOf(session)) };
}
