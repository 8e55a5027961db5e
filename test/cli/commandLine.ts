import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { main } from "../../cli/index.js";
import { saveProfile } from "../../cli/profile.js";
import type { Place } from "../support/consortium.js";
import type { Party } from "../support/party.js";
import type { Outcome } from "./run.js";

/** The command, for members of a service that the tests of a file share. */
export type CommandLine<Name extends string> = {
  /** A folder that is gone at the end. */
  readonly folder: string;
  /** Writes a file into it. @returns its path */
  readonly file: (name: string, content: string | object) => Promise<string>;
  /** Runs a command as a member, whatever comes of it. */
  readonly attempt: (name: Name, ...argv: readonly string[]) => Promise<Outcome>;
  /** Runs a command as a member. @returns what it printed, as a shell's `$(...)` has it @throws Error when the command fails */
  readonly as: (name: Name, ...argv: readonly string[]) => Promise<string>;
  /** As `as`, of a command that prints JSON. */
  readonly json: (name: Name, ...argv: readonly string[]) => Promise<unknown>;
};

export async function commandLine<Name extends string>(
  { service }: Place,
  members: Readonly<Record<Name, Party>>,
  end: (remove: () => Promise<void>) => void,
): Promise<CommandLine<Name>> {
  const folder = await mkdtemp(join(tmpdir(), "cleanroom-cli-"));
  end(() => rm(folder, { recursive: true, force: true }));
  const attempt = async (argv: readonly string[]): Promise<Outcome> => {
    const out: string[] = [];
    const notes: string[] = [];
    const status = await main(argv, {
      env: { CLEANROOM_HOME: join(folder, "home") },
      out: (text) => out.push(text),
      note: (line) => notes.push(line),
      stdin: () => Promise.resolve("from the standard input"),
    });
    return { status, out: out.join(""), notes: notes.join("\n") };
  };
  const file = async (name: string, content: string | object): Promise<string> => {
    const path = join(folder, name);
    await writeFile(path, typeof content === "string" ? content : JSON.stringify(content), { mode: 0o600 });
    return path;
  };
  for (const [name, { session }] of Object.entries<Party>(members)) {
    const io = {
      env: { CLEANROOM_HOME: join(folder, "home") },
      out: () => undefined,
      note: () => undefined,
      stdin: () => Promise.resolve(""),
    };
    const profile = {
      ccfEndpoint: service.url ?? "",
      serviceCert: service.serviceCertificate,
      signingCert: session.identity.certificate,
      signingKeyFile: await file(`${name}_privk.pem`, session.identity.keyPem),
    };
    await saveProfile(name, profile, io);
  }
  const as = async (name: Name, ...argv: readonly string[]): Promise<string> => {
    const { status, out, notes } = await attempt([...argv, "--governance-client", name]);
    if (status !== 0) throw new Error(`${name}: ${argv.join(" ")}: ${notes}`);
    return out.replace(/\n$/, "");
  };
  return {
    folder,
    file,
    attempt: (name, ...argv) => attempt([...argv, "--governance-client", name]),
    as,
    json: async (name, ...argv) => JSON.parse(await as(name, ...argv)) as unknown,
  };
}
