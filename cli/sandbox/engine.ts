import { SandboxError, startCchost, startSandbox, type Sandbox, type SandboxOptions } from "../../sandbox/index.js";
import { CommandError } from "../failure.js";
import { builtFile } from "../installation.js";
import { readText, type Io } from "../io.js";
import type { Log } from "./log.js";
import { readMembers } from "./members.js";
import type { Engine } from "./registry.js";

/** What the options of `sandbox start` say about the service; paths are absolute. */
export type Wanted = {
  readonly engine: Engine;
  /** Where CCF is installed; there when the engine is cchost. */
  readonly ccfHome: string | undefined;
  readonly port: number;
  readonly host: string | undefined;
  /** Certificates, and directories of them; none where the service is resumed. */
  readonly members: readonly string[];
  readonly constitution: readonly string[] | undefined;
  readonly dir: string | undefined;
  readonly resume: boolean;
  readonly virtualTee: boolean;
  readonly trace: boolean;
  readonly milliseconds: number | undefined;
  readonly transactions: number | undefined;
};

/** What both engines give. */
export type Node = Pick<Sandbox, "serviceCertificate" | "stop"> & {
  readonly url: string;
  /** Absent where there is no virtual TEE. */
  readonly attest?: Sandbox["attest"];
  readonly virtualRoot?: Sandbox["virtualRoot"];
};

/** @param told to end: of use while a node of CCF's own starts @throws CommandError where the options, or what they name, do not fit */
export async function startNode(wanted: Wanted, log: Log, io: Io, told: AbortSignal): Promise<Node> {
  const { dir, host, port, resume, virtualTee, trace, milliseconds, transactions } = wanted;
  const options = {
    ...(resume ? {} : await genesis(wanted)),
    ...(dir !== undefined && { dir }),
    ...(host !== undefined && { host }),
    port,
    signatures: { milliseconds, transactions },
    log: log.write,
    failed: (error) => {
      io.note(`error: the service ends: ${error.message}`);
      process.exit(1);
    },
  } satisfies SandboxOptions;
  try {
    if (wanted.engine === "cchost") return await startCchost({ ...options, home: wanted.ccfHome ?? "", signal: told });
    const { url = "", ...sandbox } = await startSandbox({ ...options, resume, virtualTee, trace });
    return { ...sandbox, url };
  } catch (cause) {
    if (cause instanceof SandboxError) throw new CommandError(cause.message, { cause });
    throw cause;
  }
}

async function genesis({ members, constitution }: Wanted): Promise<Pick<SandboxOptions, "members" | "constitution">> {
  return {
    members: await readMembers(members),
    constitution: (await Promise.all((constitution ?? [builtFile("constitution.js")]).map((file) => readText(file)))).join("\n"),
  };
}
