import { rm } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { imagesIn, ownImages, type Images } from "../../cleanroom/runner/images.js";
import type { RoomPlan } from "../../cleanroom/runner/plan.js";
import { readPlan } from "../../cleanroom/runner/readPlan.js";
import { runRoom, type RoomResult } from "../../cleanroom/runner/room.js";
import { liveAttester, recordedAttester, type Attester } from "../../cleanroom/runner/attester.js";
import { BlobError } from "../../azure/blob.js";
import { openCloud, type AnyCloud } from "../../azure/cloud.js";
import { CloudError } from "../../azure/cloudError.js";
import { CleanRoomError } from "../../cleanroom/errors.js";
import { evidenceSource, offered, recordedEvidence, type EvidenceKind, type EvidenceOptions } from "../agent/evidence.js";
import { evidenceOptions } from "../agent/evidenceOptions.js";
import { command, flag, optional, required } from "../command.js";
import { CommandError, describeFailure, SignalledError, UsageError } from "../failure.js";
import { installation } from "../installation.js";
import type { Io } from "../io.js";
import { readJson, readJsonObject } from "../json.js";
import { clientVariable, home } from "../profile.js";
import { detachedOutput, endWithParent, reportFailure, reportReady, startDetached } from "../sandbox/detached.js";
import { running } from "../sandbox/registry.js";
import { requireAgreed, requireAgreedByAny } from "./agreement.js";
import { enterRoom, roomFiles, sweepRooms, type OwnRoom } from "./rooms.js";

export default command({
  description:
    "Runs the clean room of a template on this machine, in the part of the container group and its sidecars: it proves to governance what it " +
    "is, asks for consent, has the keys of the data released, runs the applications on the decrypted data without a network, and stores " +
    "what they make. Logs and telemetry leave only where the members have agreed to that.\n\n" +
    "The exit status is that of the application; 1 also where the clean room itself was refused or failed, in which case there is no result; 130 " +
    "after Ctrl-C, 143 after SIGTERM.",
  examples: [
    [
      "Run what the members agreed on, as `deployment template show --query data` printed it, and look on",
      "cleanroom deployment run --name collab1 --template-file ./template.json --governance-client isv-client",
    ],
    [
      "Let it run on, and wait for its end elsewhere",
      "cleanroom deployment run --name collab1 --template-file ./template.json --governance-client isv-client --detach",
    ],
  ],
  options: {
    name: required("--name <name>", "what to call the clean room on this machine"),
    templateFile: required("--template-file <file>", "the template (JSON)"),
    governanceClient: optional(
      "--governance-client <name>",
      `compare the template with what is agreed on first, as this client; by default one of this home at the service [env: ${clientVariable}]`,
    ),
    images: optional("--images <file>", "registry of more images: which folders have their contents (JSON)"),
    ...evidenceOptions,
    debuggable: flag("--debuggable", "FOR TESTS of --evidence sandbox: a report of a guest that people can look into; nobody lets it in"),
    detach: flag("--detach", "return when governance has let the clean room in, and let it run on"),
  },
  status: (result: RoomResult | { readonly exitCode?: undefined }) => result.exitCode ?? 0,
  run: async ({ detach, ...given }, io) => {
    roomFiles(given.name, io); // refuses the name
    if (detach) return startDetached(wordsOf(given), io);
    endWithParent(io);
    try {
      return await run(given, io);
    } catch (error) {
      reportFailure(error, io);
      throw error;
    }
  },
});

type Given = Omit<EvidenceOptions, "hostData"> & {
  readonly name: string;
  readonly templateFile: string;
  readonly governanceClient: string | undefined;
  readonly images: string | undefined;
  readonly evidence: EvidenceKind | undefined;
};

async function run(given: Given, io: Io): Promise<RoomResult & { readonly name: string }> {
  const { name, templateFile } = given;
  const template = await readJsonObject(templateFile);
  const plan = readPlan(template);
  const { contractId } = plan.governance;
  const client = given.governanceClient ?? io.env[clientVariable];
  const compared = client
    ? await requireAgreed(contractId, template, templateFile, client, io)
    : await requireAgreedByAny(contractId, template, templateFile, plan.governance.ccfEndpoint, io);
  if (!compared) {
    io.note(
      "warning: the template was not compared with the one that was agreed on: governance checks what its policy measures, and processor cores, " +
        "memory and parameters are not in it. --governance-client NAME compares all of it",
    );
  }
  if (!compared && plan.policy === "allow-all")
    io.note("warning: the policy of the template allows everything: it does not bind what runs");
  const images = await imagesOf(given.images);
  const { kind, attester } = await attesterFor(plan, given, io);
  const told = new AbortController();
  const cloud = await openCloud(home(io), io.env, told.signal);
  const files = roomFiles(name, io);
  const about = { name, pid: process.pid, contractId, hostData: plan.hostData, evidence: kind };
  const room = await enterRoom({ ...about, phase: "starting", startedAt: new Date().toISOString() }, io);
  const interruption = interruptions(told);
  await clearUp(io);
  const tell = (line: string): void => {
    room.tell(line);
    io.note(line);
  };
  try {
    const result = await runRoom(plan, {
      attester,
      cloud,
      images,
      folder: room.data,
      signal: told.signal,
      watch: {
        note: tell,
        phase: (phase) => {
          if (phase !== "asking for consent") reportReady({ ...about, log: files.log }, io);
          tell(`${name}: ${phase}`);
          room.update({ phase, detail: undefined });
        },
        transfer: (verb, volume) => transfer(`${verb} ${volume}`, room, io),
      },
    });
    const ended = { name, ...result };
    room.update({ phase: "ended", detail: undefined, endedAt: new Date().toISOString(), result: ended });
    return ended;
  } catch (cause) {
    const error = explained(cause, cloud.kind);
    const problem = describeFailure(error).replace(/^error: /, "");
    const signalled = error instanceof CleanRoomError && error.code === "Interrupted" ? interruption.status() : undefined;
    room.tell(problem);
    room.update({ phase: "ended", detail: undefined, endedAt: new Date().toISOString(), problem, signalled });
    throw signalled === undefined ? error : new SignalledError(problem, signalled, { cause: error });
  } finally {
    interruption.end();
    await room.leave();
    const output = detachedOutput(io);
    if (output !== undefined) await rm(output, { force: true });
  }
}

/** A cloud of this machine that does not answer can be started. */
function explained(error: unknown, kind: AnyCloud["kind"]): unknown {
  if (kind !== "local" || !(error instanceof CloudError || error instanceof BlobError)) return error;
  if (error.status !== undefined || !/^(E[A-Z]+|UND_ERR_\w+|REQUEST_SEND_ERROR)$/.test(error.code)) return error;
  return new CommandError(`the local cloud does not answer (${error.message}). Start it: cleanroom sandbox azure start`, { cause: error });
}

/** Of rooms that were killed. It is no reason not to run. */
async function clearUp(io: Io): Promise<void> {
  try {
    for (const name of await sweepRooms(io)) io.note(`Clean room "${name}" was killed: the decrypted data that it had left are removed`);
  } catch (error) {
    io.note(`warning: decrypted data of a clean room that was killed could not be removed: ${describeFailure(error)}`);
  }
}

function transfer(what: string, room: OwnRoom, io: Io) {
  room.update({ detail: what });
  const { progress } = io;
  return (
    progress &&
    (({ bytes, totalBytes }: { readonly bytes: number; readonly totalBytes: number }): void => {
      progress(bytes >= totalBytes ? "" : `${what}: ${Math.floor((100 * bytes) / totalBytes)} %`);
    })
  );
}

/** The built-in images, and those of a file, which come first. */
async function imagesOf(file: string | undefined): Promise<Images> {
  const own = ownImages(installation());
  return file === undefined ? own : new Map([...own, ...imagesIn(await readJson(file), dirname(resolve(file)), file)]);
}

async function attesterFor(plan: RoomPlan, given: Given, io: Io): Promise<{ readonly kind: EvidenceKind; readonly attester: Attester }> {
  const port = given.sandboxPort ?? Number(new URL(plan.governance.ccfEndpoint).port || "443");
  const here = (await running(io)).some((node) => node.port === port && node.virtualTee);
  const kind = given.evidence ?? (here ? "sandbox" : offeredInsteadOf(plan.governance.ccfEndpoint, io));
  const options = { ...given, sandboxPort: port, hostData: plan.hostData };
  if (kind === "recorded") return { kind, attester: recordedAttester(await recordedEvidence(options, io)) };
  return { kind, attester: liveAttester(await evidenceSource(kind, options, io), given.reportData) };
}

/** @throws CommandError where there is nothing */
function offeredInsteadOf(endpoint: string, io: Io): EvidenceKind {
  const missing = `no sandbox with a virtual TEE that this CLEANROOM_HOME knows of runs at ${endpoint}, the service of the template`;
  try {
    const kind = offered(io);
    io.note(`There is ${missing}: evidence is taken by --evidence ${kind}`);
    return kind;
  } catch (cause) {
    if (!(cause instanceof UsageError)) throw cause;
    const how = `cleanroom sandbox start --resume --dir DIR --port ${new URL(endpoint).port || "443"} --virtual-tee`;
    throw new CommandError(`${missing}. Start it again (${how}), or say by --evidence what attests this machine`, { cause });
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Ends the room by a signal to this process. */
function interruptions(told: AbortController): { readonly status: () => number | undefined; readonly end: () => void } {
  let status: number | undefined;
  const tell = (_: string, number: number): void => {
    status ??= 128 + number;
    told.abort();
  };
  for (const signal of SIGNALS) process.on(signal, tell);
  return {
    status: () => status,
    end: () => {
      for (const signal of SIGNALS) process.off(signal, tell);
    },
  };
}

/** The same command line without `--detach`. */
function wordsOf(given: Given): string[] {
  const words = Object.entries(given).flatMap(([name, value]) => {
    const option = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    if (value === undefined || value === false) return [];
    return value === true ? [option] : [option, String(value)];
  });
  return ["deployment", "run", ...words];
}
