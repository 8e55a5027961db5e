import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { activate } from "../../../client/governance/members.js";
import { propose } from "../../../client/governance/proposal.js";
import { openSession } from "../../../client/session.js";
import { connect, type Transport } from "../../../client/transport.js";
import { installation } from "../../../cli/installation.js";
import { member } from "../../client/authority.js";
import { code, CONSTITUTION, installing, opening, type Endpoints } from "../limits/constitution.js";

const program = join(installation(), "bin", "cleanroom.mjs");
const alice = member("alice");

export type Ending = { readonly status: number | null; readonly signal: string | null };

/** `cleanroom` in a process of its own. */
export class CommandProcess {
  readonly #child: ChildProcess;
  /** What it has written to standard error. */
  notes = "";
  readonly ended: Promise<Ending>;

  /** @param folder for all that it leaves when it is killed */
  constructor(words: readonly string[], folder: string) {
    const child = spawn(process.execPath, [program, ...words], {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, CLEANROOM_HOME: join(folder, "home"), TMPDIR: folder },
    });
    this.#child = child;
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.notes += text));
    this.ended = new Promise((resolve) => {
      child.once("close", (status, signal) => {
        resolve({ status, signal });
      });
    });
  }

  /** Whoever started it ends it, and nobody else. */
  async signal(name: "SIGKILL" | "SIGTERM"): Promise<Ending> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(name);
    return this.ended;
  }

  /** Resolves with what `pattern` finds in the notes. @throws Error where the process ends before */
  async says(pattern: RegExp): Promise<string> {
    const ended = this.ended.then(() => "ended");
    for (;;) {
      const found = pattern.exec(this.notes)?.[1];
      if (found !== undefined) return found;
      const next = new AbortController();
      const data = this.#child.stderr ? once(this.#child.stderr, "data", { signal: next.signal }).catch(() => undefined) : ended;
      const what = await Promise.race([data, ended]);
      next.abort();
      if (what === "ended") throw new Error(`the process has ended: ${this.notes}`);
    }
  }
}

/** A directory for services, and a home for the command; gone when the test is over, and the processes with it. */
export class Workshop {
  readonly #processes: CommandProcess[] = [];

  private constructor(readonly folder: string) {}

  static async open(): Promise<Workshop> {
    const workshop = new Workshop(await mkdtemp(join(tmpdir(), "durability-")));
    onTestFinished(async () => {
      await Promise.all(workshop.#processes.map((process) => process.signal("SIGKILL")));
      await rm(workshop.folder, { recursive: true, force: true });
    });
    await mkdir(join(workshop.folder, "members"));
    await writeFile(join(workshop.folder, "members", "alice_cert.pem"), alice.certificate);
    await writeFile(join(workshop.folder, "constitution.js"), CONSTITUTION);
    return workshop;
  }

  get dir(): string {
    return join(this.folder, "data");
  }

  run(...words: readonly string[]): CommandProcess {
    const process = new CommandProcess(words, this.folder);
    this.#processes.push(process);
    return process;
  }

  create(...more: readonly string[]): CommandProcess {
    const members = ["--members", join(this.folder, "members"), "--constitution", join(this.folder, "constitution.js")];
    return this.run("sandbox", "start", ...members, ...SOON, "--dir", this.dir, ...more);
  }

  resume(...more: readonly string[]): CommandProcess {
    return this.run("sandbox", "start", "--resume", ...SOON, "--dir", this.dir, ...more);
  }

  serviceCertificate(): Promise<string> {
    return readFile(join(this.dir, "service_cert.pem"), "utf8");
  }

  /** Connections to the service that a process runs. */
  async connect(service: CommandProcess, connections = 1): Promise<Transport> {
    const url = await service.says(ANSWERS);
    return connect({ url, serviceCertificate: await this.serviceCertificate(), connections, timeout: 10_000 });
  }

  /** Opens a fresh service with this application. */
  async found(service: CommandProcess, endpoints: Endpoints): Promise<void> {
    const url = await service.says(ANSWERS);
    const serviceCertificate = await this.serviceCertificate();
    const session = openSession({ url, serviceCertificate, identity: alice });
    await activate(session);
    await propose(session, [code({ apply: `${installing(endpoints)}\n${opening(serviceCertificate)}` })]);
    await session.transport.close();
  }
}

const SOON = ["--port", "0", "--signature-interval-ms", "20"];
const ANSWERS = /The service answers at (\S+);/;
